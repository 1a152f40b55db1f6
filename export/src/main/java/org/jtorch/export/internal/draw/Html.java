package org.jtorch.export.internal.draw;

/** Writes text into HTML. */
final class Html {

    private Html() {}

    /** Returns text in which nothing has a meaning in HTML or in an attribute. Control characters are replaced. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append((char) c);
                default ->
                    escaped.appendCodePoint(
                            Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c);
            }
        });
        return escaped.toString();
    }

    /** Returns a text without its middle if it is longer than a number of characters. */
    static String clipped(String text, int length) {
        int[] points = text.codePoints().toArray();
        if (points.length <= length) {
            return text;
        }
        int end = length * 2 / 3;
        int begin = length - 1 - end;
        return new String(points, 0, begin) + "…" + new String(points, points.length - end, end);
    }
}
