export const health = {
  title: "Health and cost",
  description: "How well Sotto itself works, over the last seven days beside the week before. Press a figure for what stands behind it.",
  groups: { understood: "Understood", guided: "Guidance", after: "After the call", cost: "Cost" },
  texts: {
    understood: "How sure the recogniser and the intent model were.",
    guided: "From the words in hand to the guidance on the screen.",
    after: "Steps of the work after a call that failed, and how late they ended.",
    cost: "What conversations cost, where that is known. A dash: nothing has said what they cost.",
  },
  elsewhere: "Alarms of the machines, queues and budgets are not conversations: your administrators find them in the dashboards of the deployment and in the API. Figures of your own:",
};
