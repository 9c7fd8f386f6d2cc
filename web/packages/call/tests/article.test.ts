import { describe, expect, it } from "vitest";
import { blocksOf, partsOf, passageOf } from "../src/article";

const TEXT = "# Fees\nThe fee is 12 dollars\na month. No fee for students.\n\n- with a salary\n- 2 accounts\n\n1. Call us\n<b>2</b>";

describe("an article", () => {
  it("is cut into headings, paragraphs and items, and what looks like HTML is text", () => {
    expect(blocksOf(TEXT).map((block) => [block.kind, block.text])).toEqual([
      ["heading", "Fees"],
      ["paragraph", "The fee is 12 dollars\na month. No fee for students."],
      ["item", "with a salary"],
      ["item", "2 accounts"],
      ["item", "1. Call us\n<b>2</b>"],
    ]);
    for (const block of blocksOf(TEXT)) expect(TEXT.slice(block.start, block.start + block.text.length)).toBe(block.text);
    expect(blocksOf("")).toEqual([]);
  });

  it("is marked where it was quoted, whatever the spacing", () => {
    const passage = passageOf(TEXT, " 12 dollars a   month. ");
    const parts = blocksOf(TEXT).map((block) => partsOf(block, passage));
    expect(parts[1]).toEqual(["The fee is ", "12 dollars\na month.", " No fee for students."]);
    expect(parts.filter(([, inside]) => inside !== "")).toHaveLength(1);
  });

  it("is marked in each block that a long quote runs through", () => {
    const passage = passageOf(TEXT, "students. - with a salary");
    expect(blocksOf(TEXT).map((block) => partsOf(block, passage)[1])).toEqual(["", "students.", "with a salary", "", ""]);
  });

  it("takes the passage nearest to where the server found it, counted in code points", () => {
    const text = "💶💶💶 pay now. Later pay now.";
    expect(passageOf(text, "pay now", 0)?.start).toBe(7);
    expect(passageOf(text, "pay now", 19)?.start).toBe(22);
  });

  it("has no passage for words that it does not hold, or for none", () => {
    expect(passageOf(TEXT, "13 dollars")).toBeNull();
    expect(passageOf(TEXT, "  ")).toBeNull();
    expect(passageOf("Is it (50%)?", "it (50%)?")).toEqual({ start: 3, end: 12 });
  });
});
