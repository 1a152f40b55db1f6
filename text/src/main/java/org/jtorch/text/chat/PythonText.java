package org.jtorch.text.chat;

import com.hubspot.jinjava.objects.collections.PyList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str} that templates use. */
final class PythonText {

    private static final Set<String> METHODS = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "startswith",
            "endswith",
            "split",
            "rsplit",
            "splitlines",
            "upper",
            "lower",
            "title",
            "capitalize",
            "replace",
            "find",
            "rfind",
            "count",
            "join",
            "isdigit",
            "removeprefix",
            "removesuffix");

    private PythonText() {}

    static boolean has(Object method) {
        return METHODS.contains(String.valueOf(method));
    }

    static Object call(String text, String method, @Nullable Object... arguments) {
        return switch (method) {
            case "strip" -> right(left(text, chars(arguments)), chars(arguments));
            case "lstrip" -> left(text, chars(arguments));
            case "rstrip" -> right(text, chars(arguments));
            case "startswith" -> any(arguments[0]).stream().anyMatch(text::startsWith);
            case "endswith" -> any(arguments[0]).stream().anyMatch(text::endsWith);
            case "split" -> list(split(text, chars(arguments), limit(arguments)));
            case "rsplit" -> list(splitFromRight(text, chars(arguments), limit(arguments)));
            case "splitlines" -> list(text.lines().toList());
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "capitalize" ->
                text.isEmpty()
                        ? ""
                        : text.substring(0, 1).toUpperCase(Locale.ROOT)
                                + text.substring(1).toLowerCase(Locale.ROOT);
            case "replace" -> replace(text, arguments);
            case "find" -> (long) text.indexOf(String.valueOf(arguments[0]));
            case "rfind" -> (long) text.lastIndexOf(String.valueOf(arguments[0]));
            case "count" -> (long) split(text, String.valueOf(arguments[0]), -1).size() - 1;
            case "join" -> String.join(text, any(arguments[0]));
            case "isdigit" -> !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            case "removeprefix" -> {
                String prefix = String.valueOf(arguments[0]);
                yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = String.valueOf(arguments[0]);
                yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }
            default -> throw new ChatTemplateException("texts have no method '" + method + "'");
        };
    }

    /** Returns the character at an index, which counts from the end if it is negative; null if there is none. */
    static @Nullable String at(String text, long index) {
        int count = text.codePointCount(0, text.length());
        long place = index < 0 ? index + count : index;
        if (place < 0 || place >= count) {
            return null;
        }
        int from = text.offsetByCodePoints(0, (int) place);
        return text.substring(from, text.offsetByCodePoints(from, 1));
    }

    /** Returns the first argument, which is null for white space. */
    private static @Nullable String chars(@Nullable Object... arguments) {
        return arguments.length == 0 || arguments[0] == null ? null : arguments[0].toString();
    }

    private static int limit(@Nullable Object... arguments) {
        return arguments.length > 1 && arguments[1] instanceof Number number ? number.intValue() : -1;
    }

    /** Returns the texts of a list, or the one text. */
    private static List<String> any(@Nullable Object value) {
        if (value instanceof Iterable<?> several) {
            List<String> all = new ArrayList<>();
            several.forEach(each -> all.add(String.valueOf(each)));
            return all;
        }
        return List.of(String.valueOf(value));
    }

    private static String left(String text, @Nullable String chars) {
        int from = 0;
        while (from < text.length() && isOne(text.charAt(from), chars)) {
            from++;
        }
        return text.substring(from);
    }

    private static String right(String text, @Nullable String chars) {
        int to = text.length();
        while (to > 0 && isOne(text.charAt(to - 1), chars)) {
            to--;
        }
        return text.substring(0, to);
    }

    private static boolean isOne(char c, @Nullable String chars) {
        return chars == null ? Character.isWhitespace(c) || Character.isSpaceChar(c) : chars.indexOf(c) >= 0;
    }

    private static List<String> split(String text, @Nullable String separator, int limit) {
        if (separator == null) {
            String stripped = left(text, null);
            return stripped.isEmpty()
                    ? List.of()
                    : Arrays.asList(right(stripped, null).split("\\s+", limit < 0 ? 0 : limit + 1));
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        int next = text.indexOf(separator);
        while (next >= 0 && (limit < 0 || parts.size() < limit)) {
            parts.add(text.substring(from, next));
            from = next + separator.length();
            next = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> splitFromRight(String text, @Nullable String separator, int limit) {
        List<String> parts = new ArrayList<>(split(text, separator, -1));
        if (limit >= 0 && separator != null && parts.size() > limit + 1) {
            int first = parts.size() - limit;
            List<String> joined = new ArrayList<>();
            joined.add(String.join(separator, parts.subList(0, first)));
            joined.addAll(parts.subList(first, parts.size()));
            return joined;
        }
        return parts;
    }

    private static String replace(String text, @Nullable Object... arguments) {
        int limit = arguments.length > 2 && arguments[2] instanceof Number number ? number.intValue() : -1;
        String from = String.valueOf(arguments[0]);
        String to = String.valueOf(arguments[1]);
        return limit < 0 ? text.replace(from, to) : String.join(to, split(text, from, limit));
    }

    private static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (char c : text.toCharArray()) {
            title.append(inside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inside = Character.isLetter(c);
        }
        return title.toString();
    }

    private static PyList list(List<String> parts) {
        return new PyList(new ArrayList<>(parts));
    }
}
