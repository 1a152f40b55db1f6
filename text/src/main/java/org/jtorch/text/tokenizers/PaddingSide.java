package org.jtorch.text.tokenizers;

/** The side on which shorter texts of a batch are padded. */
public enum PaddingSide {
    /** Before the text, as a decoder that generates needs it. */
    LEFT,
    /** After the text. */
    RIGHT
}
