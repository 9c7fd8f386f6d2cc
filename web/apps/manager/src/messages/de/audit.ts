import type { audit as english } from "../en/audit";

export const audit: typeof english = {
  title: "Protokoll",
  text: "Wer dieses Gespräch angesehen, abgespielt, geprüft oder gelöscht hat. Auch dass Sie das hier lesen, wird vermerkt.",
  none: "Niemand hat mit diesem Gespräch etwas getan, das vermerkt ist.",
  at: "Wann",
  who: "Wer",
  what: "Was",
  actions: {
    looked_into: "Hat es angesehen",
    note_sent: "Hat dem Agenten eine Notiz geschickt",
    moment_shared: "Hat eine Stelle daraus mit dem Agenten geteilt",
    share_acknowledged: "Hat bestätigt, was daraus geteilt wurde",
    recording_played: "Bekam die Aufnahme zum Abspielen",
    call_reviewed: "Hat die Bewertung geprüft",
    call_calibrated: "Hat es zum Abgleich bewertet",
    review_closed: "Hat die Prüfung abgeschlossen",
    appeal_lodged: "Hat Einspruch gegen die Bewertung erhoben",
    appeal_decided: "Hat über einen Einspruch entschieden",
    erased: "Hat es gelöscht",
    erasure_asked: "Hat um Löschung gebeten",
    subject_exported: "Hat herausgegeben, was davon aufbewahrt wird",
    hold_placed: "Hat die Löschung ausgesetzt",
    hold_released: "Hat die Löschung wieder zugelassen",
  },
};
