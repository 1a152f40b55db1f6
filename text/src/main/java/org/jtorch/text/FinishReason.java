package org.jtorch.text;

/** Why a generated text ended. */
public enum FinishReason {
    /** The model gave a token that ends a text. */
    END,
    /** The text contained one of the texts that stop it. */
    STOP_STRING,
    /** A condition of the options ended it. */
    CONDITION,
    /** There were as many new tokens as asked for. */
    LENGTH
}
