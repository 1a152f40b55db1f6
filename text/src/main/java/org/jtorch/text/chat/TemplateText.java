package org.jtorch.text.chat;

import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites what Python's Jinja knows and Jinjava does not, or reads otherwise: the white space around tags, a condition in a loop, a
 * list backwards, and a sum as the value of a named argument.
 */
final class TemplateText {

    private static final Pattern TAG = Pattern.compile("\\{%.*?%}|\\{\\{.*?}}", Pattern.DOTALL);

    /** What {@code lstrip_blocks} removes: the spaces between the beginning of a line and a tag. */
    private static final Pattern BEFORE_TAG = Pattern.compile("(?m)^[ \\t]+(?=\\{[%#](?!\\+))");

    /** What {@code trim_blocks} removes: the line break after a tag. */
    private static final Pattern AFTER_TAG = Pattern.compile("((?<!\\+)[%#]})\\n");

    private static final Pattern PLUS = Pattern.compile("(\\{%)\\+|\\+(%})");
    private static final Pattern BACKWARDS = Pattern.compile("([\\w.]+)\\[::-1]");
    private static final Pattern NAMED = Pattern.compile("(?<=[(,])\\s*\\w+\\s*=(?!=)");
    private static final Pattern MACRO = Pattern.compile("\\{%[-+]?\\s*macro\\s");
    private static final Pattern LOOP =
            Pattern.compile("(\\{%[-+]?\\s*for\\s+)([\\w\\s,]+?)(\\s+in\\s+)(.*?)(\\s*[-+]?%})", Pattern.DOTALL);

    private TemplateText() {}

    static String prepare(String template) {
        // a line break at the end of a template is not printed
        String text = template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
        text = BEFORE_TAG.matcher(text).replaceAll("");
        text = AFTER_TAG.matcher(text).replaceAll("$1");
        text = PLUS.matcher(text).replaceAll(tag -> tag.group().replace("+", ""));
        return TAG.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(filterLoop(named(backwards(tag.group())))));
    }

    /** {@code a[::-1]} becomes {@code (a|reverse|list)}. */
    private static String backwards(String tag) {
        return BACKWARDS.matcher(tag).replaceAll("($1|reverse|list)");
    }

    /** {@code f(a=b - 1)}, which would be read as {@code f((a=b) - 1)}, becomes {@code f(a=(b - 1))}. */
    private static String named(String tag) {
        boolean isMacro = MACRO.matcher(tag).lookingAt(); // its defaults are values, not arguments
        Matcher name = NAMED.matcher(tag);
        StringBuilder text = new StringBuilder();
        int from = 0;
        while (name.find(from)) {
            int value = name.end();
            int end = find(tag, value, i -> tag.charAt(i) == ',' || tag.charAt(i) == ')');
            text.append(tag, from, value);
            if (end < tag.length() && isOutsideOfQuotes(tag, value) && !isMacro) {
                text.append('(').append(named(tag.substring(value, end))).append(')');
                from = end;
            } else {
                from = value;
            }
        }
        return text.append(tag, from, tag.length()).toString();
    }

    /** {@code for a in b if c} becomes {@code for a in (b)|where('a', 'c')}. */
    private static String filterLoop(String tag) {
        Matcher loop = LOOP.matcher(tag);
        if (!loop.matches()) {
            return tag;
        }
        String collection = loop.group(4);
        int condition = find(collection, 0, i -> collection.startsWith(" if ", i));
        if (condition == collection.length()) {
            return tag;
        }
        return loop.group(1) + loop.group(2) + loop.group(3) + "(" + collection.substring(0, condition) + ")|"
                + TemplateFunctions.WHERE + "(" + quote(loop.group(2)) + ", "
                + quote(collection.substring(condition + " if ".length()).strip()) + ")" + loop.group(5);
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static boolean isOutsideOfQuotes(String tag, int index) {
        char quote = 0;
        for (int i = 0; i < index; i++) {
            quote = quoteAfter(quote, tag.charAt(i));
            if (quote != 0 && tag.charAt(i) == '\\') {
                i++;
            }
        }
        return quote == 0;
    }

    /** Returns the first index outside of brackets and quotes that fulfils a condition; the length if there is none. */
    private static int find(String text, int from, IntPredicate condition) {
        int depth = 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && depth == 0 && condition.test(i)) {
                return i;
            }
            quote = quoteAfter(quote, c);
            if (quote != 0) {
                i += c == '\\' ? 1 : 0;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        return text.length();
    }

    /** Returns the quote in which the text after a character stands; 0 if in none. */
    private static char quoteAfter(char quote, char c) {
        if (quote != 0) {
            return c == quote ? 0 : quote;
        }
        return c == '\'' || c == '"' ? c : 0;
    }
}
