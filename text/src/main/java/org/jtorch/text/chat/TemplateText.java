package org.jtorch.text.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites what Python's Jinja knows and Jinjava does not: a condition in a loop, and a list backwards. */
final class TemplateText {

    private static final Pattern TAG = Pattern.compile("\\{%.*?%}|\\{\\{.*?}}", Pattern.DOTALL);
    private static final Pattern LOOP =
            Pattern.compile("(\\{%[-+]?\\s*for\\s+)([\\w\\s,]+?)(\\s+in\\s+)(.*?)(\\s*[-+]?%})", Pattern.DOTALL);

    private TemplateText() {}

    static String prepare(String template) {
        // a line break at the end of a template is not printed
        String text = template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
        return TAG.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(prepareTag(tag.group())));
    }

    private static String prepareTag(String tag) {
        String backwards = tag.replace("[::-1]", "|reverse|list");
        Matcher loop = LOOP.matcher(backwards);
        if (!loop.matches()) {
            return backwards;
        }
        String collection = loop.group(4);
        int condition = indexOfIf(collection);
        if (condition < 0) {
            return backwards;
        }
        return loop.group(1) + loop.group(2) + loop.group(3) + "(" + collection.substring(0, condition) + ")|"
                + TemplateFunctions.WHERE + "(" + quoted(loop.group(2)) + ", "
                + quoted(collection.substring(condition + " if ".length()).strip()) + ")" + loop.group(5);
    }

    /** Returns where {@code if} stands outside of brackets and quotes; -1 if nowhere. */
    private static int indexOfIf(String expression) {
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            } else if (depth == 0 && expression.startsWith(" if ", i)) {
                return i;
            }
        }
        return -1;
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
