package org.jtorch.text.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. Indices count code points. */
final class PythonStrings {

    private static final Pattern DIRECTIVE = Pattern.compile("%(?:\\.(\\d{1,2}))?(.)", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("\\{\\{|}}|\\{(\\w*)}|[{}]", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD_BEGINNING = Pattern.compile("([-\\s({\\[<]+)", Pattern.UNICODE_CHARACTER_CLASS);

    private PythonStrings() {}

    // --- characters
    // ----------------------------------------------------------------------------------------------------

    static boolean isSpace(int c) {
        return c <= ' '
                ? c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F)
                : c == 0x85 || Character.isSpaceChar(c);
    }

    /** Returns whether a text has characters, and only white space. */
    static boolean isSpace(String text) {
        return all(text, PythonStrings::isSpace);
    }

    private static boolean all(String text, IntPredicate condition) {
        return !text.isEmpty() && text.codePoints().allMatch(condition);
    }

    private static boolean isLineEnd(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Returns the index of a {@code char} that belongs to a count of code points. */
    private static int index(String text, int points) {
        return text.offsetByCodePoints(0, points);
    }

    static String slice(String text, int from, int to) {
        return text.substring(index(text, from), index(text, to));
    }

    static int compare(String a, String b) {
        return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder result = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                result.append('\\').append((char) c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                result.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
            } else if (c == ' ' || isPrintable(c)) {
                result.appendCodePoint(c);
            } else {
                result.append(
                        String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return result.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    // --- methods
    // -------------------------------------------------------------------------------------------------------

    static Object call(String text, TemplateCall call) {
        List<Object> given = call.arguments();
        boolean hasNames = !call.named().isEmpty();
        if (hasNames
                && !List.of("format", "split", "rsplit", "splitlines", "replace")
                        .contains(call.name())) {
            throw new JinjaError("the method " + call.name() + " takes no arguments with names");
        }
        switch (call.name()) {
            case "strip", "lstrip", "rstrip" -> {
                @Nullable Object[] bound = call.bind(0, "chars");
                String chars = bound[0] == null || bound[0] instanceof Python.None ? null : text(bound[0]);
                String left = call.name().equals("rstrip") ? text : stripLeft(text, chars);
                return call.name().equals("lstrip") ? left : stripRight(left, chars);
            }
            case "startswith", "endswith" -> {
                need(call, given.size() == 1);
                List<Object> parts = given.get(0) instanceof Python.Tuple tuple ? tuple : given;
                return parts.stream()
                        .anyMatch(
                                call.name().equals("startswith")
                                        ? each -> text.startsWith(text(each))
                                        : each -> text.endsWith(text(each)));
            }
            case "split", "rsplit" -> {
                @Nullable Object[] bound = call.bind(0, "sep", "maxsplit");
                String separator = bound[0] == null || bound[0] instanceof Python.None ? null : text(bound[0]);
                int limit = bound[1] == null ? -1 : Python.integerOf(bound[1]).intValueExact();
                return new ArrayList<Object>(
                        split(text, separator, limit, call.name().equals("rsplit")));
            }
            case "partition", "rpartition" -> {
                need(call, given.size() == 1);
                boolean isLast = call.name().equals("rpartition");
                String separator = notEmpty(text(given.get(0)));
                int at = isLast ? text.lastIndexOf(separator) : text.indexOf(separator);
                return new Python.Tuple(
                        at >= 0
                                ? List.of(text.substring(0, at), separator, text.substring(at + separator.length()))
                                : isLast ? List.of("", "", text) : List.of(text, "", ""));
            }
            case "splitlines" -> {
                @Nullable Object[] bound = call.bind(0, "keepends");
                return new ArrayList<Object>(lines(text, bound[0] != null && Python.isTrue(bound[0])));
            }
            case "replace" -> {
                @Nullable Object[] bound = call.bind(2, "old", "new", "count");
                return replace(
                        text,
                        text(bound[0]),
                        text(bound[1]),
                        bound[2] == null ? -1 : Python.integerOf(bound[2]).intValueExact());
            }
            case "find", "rfind", "index", "rindex", "count" -> {
                return find(text, call);
            }
            case "join" -> {
                need(call, given.size() == 1);
                return String.join(
                        text,
                        Python.list(given.get(0)).stream()
                                .map(PythonStrings::text)
                                .toList());
            }
            case "removeprefix", "removesuffix" -> {
                need(call, given.size() == 1);
                String part = text(given.get(0));
                return call.name().equals("removeprefix")
                        ? text.startsWith(part) ? text.substring(part.length()) : text
                        : text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
            }
            case "ljust", "rjust" -> {
                need(call, given.size() == 1);
                int missing = Python.integerOf(given.get(0)).intValueExact() - Python.length(text);
                String spaces = " ".repeat(Math.min(Math.max(0, missing), 1 << 20));
                return call.name().equals("ljust") ? text + spaces : spaces + text;
            }
            case "format" -> {
                return formatPlaces(text, call);
            }
            default -> {
                need(call, given.isEmpty());
                return withoutArguments(text, call.name());
            }
        }
    }

    private static Object withoutArguments(String text, String name) {
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> capitalize(text);
            case "title" -> title(text);
            case "isspace" -> isSpace(text);
            case "isascii" -> text.chars().allMatch(c -> c < 128);
            case "isalpha" -> all(text, Character::isLetter);
            case "isdigit", "isdecimal", "isnumeric" -> all(known(text), Character::isDigit);
            case "isalnum" -> all(known(text), c -> Character.isLetter(c) || Character.isDigit(c));
            case "isupper" ->
                known(text).equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
            case "islower" ->
                known(text).equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
            default -> throw PythonMethods.unknown(text, name);
        };
    }

    /** Returns a text if it has none of the rare characters of which Java and Python do not say the same. */
    private static String known(String text) {
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.OTHER_NUMBER
                    || type == Character.LETTER_NUMBER
                    || type == Character.TITLECASE_LETTER) {
                throw new JinjaError("the kind of the character " + Character.toString(c) + " is not known here");
            }
        });
        return text;
    }

    private static void need(TemplateCall call, boolean condition) {
        if (!condition) {
            throw new JinjaError("the method " + call.name() + " is given "
                    + call.arguments().size() + " arguments, which it does not take, or not here");
        }
    }

    /** Returns a value that must be a text. */
    static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        } else if (value instanceof Python.Undefined undefined) {
            throw undefined.error();
        }
        throw new JinjaError(
                "a text is needed, but there is a value of type " + (value == null ? "null" : Python.type(value)));
    }

    private static String notEmpty(String separator) {
        if (separator.isEmpty()) {
            throw new JinjaError("a separator is empty");
        }
        return separator;
    }

    static String stripLeft(String text, @Nullable String chars) {
        int from = 0;
        while (from < text.length() && isOne(text.codePointAt(from), chars)) {
            from += Character.charCount(text.codePointAt(from));
        }
        return text.substring(from);
    }

    static String stripRight(String text, @Nullable String chars) {
        int to = text.length();
        while (to > 0 && isOne(text.codePointBefore(to), chars)) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(0, to);
    }

    private static boolean isOne(int c, @Nullable String chars) {
        return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
    }

    static List<String> split(String text, @Nullable String separator, int limit, boolean fromRight) {
        List<String> parts = new ArrayList<>();
        String rest = separator == null ? fromRight ? stripRight(text, null) : stripLeft(text, null) : text;
        if (separator == null && rest.isEmpty()) {
            return parts;
        }
        while (limit < 0 || parts.size() < limit) {
            int begin = fromRight ? lastSeparator(rest, separator) : firstSeparator(rest, separator);
            if (begin < 0) {
                break;
            }
            int end = begin + (separator == null ? 1 : separator.length());
            parts.add(fromRight ? rest.substring(end) : rest.substring(0, begin));
            rest = fromRight ? rest.substring(0, begin) : rest.substring(end);
            if (separator == null) {
                rest = fromRight ? stripRight(rest, null) : stripLeft(rest, null);
                if (rest.isEmpty()) {
                    break;
                }
            }
        }
        if (separator != null || !rest.isEmpty()) {
            parts.add(rest);
        }
        if (fromRight) {
            Collections.reverse(parts);
        }
        return parts;
    }

    private static int firstSeparator(String text, @Nullable String separator) {
        if (separator != null) {
            return text.indexOf(notEmpty(separator));
        }
        for (int i = 0; i < text.length(); i++) {
            if (isSpace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static int lastSeparator(String text, @Nullable String separator) {
        if (separator != null) {
            return text.lastIndexOf(notEmpty(separator));
        }
        for (int i = text.length() - 1; i >= 0; i--) {
            if (isSpace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    static List<String> lines(String text, boolean keepsEnds) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = from;
            while (end < text.length() && !isLineEnd(text.charAt(end))) {
                end++;
            }
            int next = Math.min(text.length(), end + (text.startsWith("\r\n", end) ? 2 : 1));
            lines.add(text.substring(from, keepsEnds ? next : end));
            from = next;
        }
        return lines;
    }

    static String replace(String text, String from, String to, int limit) {
        StringBuilder result = new StringBuilder();
        int place = 0;
        for (int i = 0; limit < 0 || i < limit; i++) {
            int next = from.isEmpty() ? place : text.indexOf(from, place);
            if (next < 0) {
                break;
            }
            TemplateNodes.print(result, text.substring(place, next));
            TemplateNodes.print(result, to);
            place = next + from.length();
            if (from.isEmpty()) {
                if (place == text.length()) {
                    return result.toString();
                }
                int end = text.offsetByCodePoints(place, 1);
                result.append(text, place, end);
                place = end;
            }
        }
        return result.append(text.substring(place)).toString();
    }

    private static Object find(String text, TemplateCall call) {
        List<Object> given = call.arguments();
        need(call, given.size() >= 1 && given.size() <= 3);
        String part = text(given.get(0));
        int size = Python.length(text);
        int from = given.size() > 1 ? bound(given.get(1), size, 0) : 0;
        int to = given.size() > 2 ? bound(given.get(2), size, size) : size;
        String area = from > to ? "" : slice(text, from, to);
        if (call.name().equals("count")) {
            int count = 0;
            for (int i = 0; !part.isEmpty() && (i = area.indexOf(part, i)) >= 0; i += part.length()) {
                count++;
            }
            return Python.integer(from > to ? 0 : part.isEmpty() ? Python.length(area) + 1 : count);
        }
        int found = from > to ? -1 : call.name().startsWith("r") ? area.lastIndexOf(part) : area.indexOf(part);
        if (found < 0 && call.name().endsWith("index")) {
            throw new JinjaError("a text does not have the part that " + call.name() + " seeks");
        }
        return Python.integer(found < 0 ? -1 : from + area.codePointCount(0, found));
    }

    private static int bound(Object value, int size, int otherwise) {
        if (value instanceof Python.None) {
            return otherwise;
        }
        BigInteger place = Python.integerOf(value);
        if (otherwise == 0 && place.compareTo(Python.integer(size)) > 0) {
            return Integer.MAX_VALUE; // a beginning after the end finds nothing
        }
        return (place.signum() < 0 ? place.add(Python.integer(size)) : place)
                .max(BigInteger.ZERO)
                .min(Python.integer(size))
                .intValue();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return "";
        }
        int first = text.codePointAt(0);
        String begin = Character.toString(first);
        String upper = begin.toUpperCase(Locale.ROOT);
        int length = begin.length();
        if (upper.codePointCount(0, upper.length()) > 1 && first != 'ß') {
            throw new JinjaError(
                    "the upper case of the character " + begin + " at the beginning of a text is not known here");
        }
        // the rest is made lower case together with the beginning, since a final sigma depends on what is before it
        String lower = text.toLowerCase(Locale.ROOT)
                .substring(begin.toLowerCase(Locale.ROOT).length());
        return (first == 'ß' ? "Ss" : Character.toString(Character.toTitleCase(first)))
                + (length > text.length() ? "" : lower);
    }

    private static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean[] isInside = {false};
        text.codePoints().forEach(c -> {
            boolean isCased = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
            String one = Character.toString(c);
            if (c == 'Σ'
                    || one.toUpperCase(Locale.ROOT)
                                    .codePointCount(
                                            0, one.toUpperCase(Locale.ROOT).length())
                            > 1
                    || one.toLowerCase(Locale.ROOT).length() > 2) {
                throw new JinjaError("the title case of the character " + one + " is not known here");
            }
            title.appendCodePoint(isInside[0] ? Character.toLowerCase(c) : Character.toTitleCase(c));
            isInside[0] = isCased;
        });
        return title.toString();
    }

    /** The filter {@code title}, which is not the method. */
    static String titleOfWords(String text) {
        StringBuilder title = new StringBuilder();
        Matcher beginning = WORD_BEGINNING.matcher(text);
        int from = 0;
        while (beginning.find()) {
            title.append(word(text.substring(from, beginning.start()))).append(beginning.group());
            from = beginning.end();
        }
        return title.append(word(text.substring(from))).toString();
    }

    private static String word(String word) {
        if (word.isEmpty()) {
            return "";
        }
        int first = word.offsetByCodePoints(0, 1);
        return word.substring(0, first).toUpperCase(Locale.ROOT)
                + word.substring(first).toLowerCase(Locale.ROOT);
    }

    // --- formats
    // -------------------------------------------------------------------------------------------------------

    /** {@code format % values}. */
    static String format(String format, List<Object> values, boolean isTuple) {
        StringBuilder text = new StringBuilder();
        Matcher directive = DIRECTIVE.matcher(format);
        int used = 0;
        int from = 0;
        while (directive.find()) {
            text.append(format, from, directive.start());
            from = directive.end();
            String kind = directive.group(2);
            if (kind.equals("%") && directive.group(1) == null) {
                text.append('%');
                continue;
            }
            if (used == values.size()) {
                throw new JinjaError("the format '" + format + "' needs more values");
            }
            Object value = values.get(used++);
            boolean isPlain = directive.group(1) == null;
            if (isPlain && kind.equals("s")) {
                text.append(Python.str(value));
            } else if (isPlain && kind.equals("r")) {
                text.append(Python.repr(value));
            } else if (isPlain && (kind.equals("d") || kind.equals("i")) && !(value instanceof Double)) {
                text.append(Python.integerOf(value));
            } else if (kind.equals("f") && Double.isFinite(Python.toDouble(value))) {
                text.append(new BigDecimal(Python.toDouble(value))
                        .setScale(isPlain ? 6 : Integer.parseInt(directive.group(1)), RoundingMode.HALF_EVEN)
                        .toPlainString());
            } else {
                throw new JinjaError(
                        "the format '" + format + "' has " + directive.group() + ", which is not known here");
            }
        }
        String rest = format.substring(from);
        if (rest.indexOf('%') >= 0
                || (used < values.size() && (isTuple || !(values.get(0) instanceof java.util.Map)))) {
            throw new JinjaError("the format '" + format + "' does not fit its values");
        }
        return text.append(rest).toString();
    }

    /** {@code text.format(...)}. */
    private static String formatPlaces(String format, TemplateCall call) {
        StringBuilder text = new StringBuilder();
        Matcher place = PLACE.matcher(format);
        int next = 0;
        int from = 0;
        while (place.find()) {
            text.append(format, from, place.start());
            from = place.end();
            String name = place.group(1);
            if (name == null && place.group().length() == 2) {
                text.append(place.group().charAt(0));
                continue;
            } else if (name == null) {
                throw new JinjaError("the format '" + format + "' has what is not known here");
            }
            boolean isIndex = name.chars().allMatch(Character::isDigit);
            int index = name.isEmpty() ? next++ : isIndex && name.length() < 9 ? Integer.parseInt(name) : -1;
            Object value = !isIndex
                    ? call.named().get(name)
                    : index >= 0 && index < call.arguments().size()
                            ? call.arguments().get(index)
                            : null;
            if (value == null) {
                throw new JinjaError("the format '" + format + "' needs the value '" + name + "'");
            }
            text.append(Python.str(value));
        }
        return text.append(format.substring(from)).toString();
    }
}
