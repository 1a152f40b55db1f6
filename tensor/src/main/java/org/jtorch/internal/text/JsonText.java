package org.jtorch.internal.text;

/** Makes messages of a JSON parser readable. */
public final class JsonText {

    private JsonText() {}

    /**
     * Returns what Jackson says about a text that is not valid JSON, in one line and without its note on why it does not show the
     * text: {@code "... (start marker at line: 1, column: 7)"}.
     *
     * @param message the exception's original message
     */
    public static String problem(String message) {
        return message.replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1")
                .replaceAll("\\s+", " ");
    }
}
