package org.jtorch.text.internal.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into tokens as Jinja does with {@code trim_blocks} and {@code lstrip_blocks}. */
final class TemplateLexer {

    /** What a token is. */
    enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    /**
     * A token.
     *
     * @param text what is written; of a string its value
     */
    record Token(Kind kind, String text, int line) {

        boolean is(Kind otherKind, String otherText) {
            return kind == otherKind && text.equals(otherText);
        }

        @Override
        public String toString() {
            return kind == Kind.END ? "the end of the template" : "'" + text + "'";
        }
    }

    private static final Pattern RAW_BEGIN =
            Pattern.compile("\\{%([-+]?)\\s*raw\\s*(?:-%}\\s*|%})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RAW_END =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%}|-%}\\s*|%}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NUMBER =
            Pattern.compile("(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)"
                    + "|(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*)");
    private static final Pattern NAME = Pattern.compile("[\\w&&[^\\d]]\\w*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern STRING =
            Pattern.compile("'([^'\\\\]*(?:\\\\.[^'\\\\]*)*)'|\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"", Pattern.DOTALL);
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int place;
    private int line = 1;
    private boolean isLineStart = true;

    private TemplateLexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String template) {
        String text = template.replace("\r\n", "\n").replace('\r', '\n');
        TemplateLexer lexer = new TemplateLexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        lexer.root();
        lexer.add(Kind.END, "");
        return lexer.tokens;
    }

    private void add(Kind kind, String value) {
        tokens.add(new Token(kind, value, line));
    }

    private void moveTo(int index) {
        for (int i = place; i < index; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        isLineStart = index > place ? text.charAt(index - 1) == '\n' : isLineStart;
        place = index;
    }

    private JinjaError error(String message) {
        return new JinjaError(message).at(line);
    }

    private void root() {
        while (place < text.length()) {
            int begin = place;
            while (begin < text.length() && !isTag(begin)) {
                begin++;
            }
            if (begin == text.length()) {
                data(text.substring(place));
                moveTo(begin);
                return;
            }
            Matcher raw = at(RAW_BEGIN, begin);
            char kind = text.charAt(begin + 1);
            before(begin, kind);
            if (raw.lookingAt()) {
                moveTo(raw.end());
                raw();
            } else if (kind == '#') {
                moveTo(begin + 2);
                comment();
            } else {
                moveTo(begin + (begin + 2 < text.length() && "-+".indexOf(text.charAt(begin + 2)) >= 0 ? 3 : 2));
                inside(kind == '{');
            }
        }
    }

    private boolean isTag(int index) {
        return text.charAt(index) == '{' && index + 1 < text.length() && "{%#".indexOf(text.charAt(index + 1)) >= 0;
    }

    private Matcher at(Pattern pattern, int from) {
        return pattern.matcher(text).region(from, text.length());
    }

    private void data(String value) {
        if (!value.isEmpty()) {
            add(Kind.DATA, value);
        }
    }

    /** Adds the text before a tag, without the white space that the tag removes. */
    private void before(int begin, char kind) {
        String value = text.substring(place, begin);
        char sign = begin + 2 < text.length() ? text.charAt(begin + 2) : ' ';
        if (sign == '-') {
            value = PythonStrings.stripRight(value, null);
        } else if (sign != '+' && kind != '{') {
            int lineBegin = value.lastIndexOf('\n') + 1;
            if ((lineBegin > 0 || isLineStart) && PythonStrings.isSpace(value.substring(lineBegin))) {
                value = value.substring(0, lineBegin);
            }
        }
        data(value);
        moveTo(begin);
    }

    private void raw() {
        int begin = place;
        while (begin < text.length()) {
            Matcher end = at(RAW_END, begin);
            if (end.lookingAt()) {
                before(begin, '%');
                moveTo(end.end());
                return;
            }
            begin++;
        }
        throw error("{% raw %} has no {% endraw %}");
    }

    private void comment() {
        int end = text.indexOf("#}", place);
        if (end < 0) {
            throw error("a comment has no end");
        }
        char sign = end > place ? text.charAt(end - 1) : ' ';
        moveTo(end + 2);
        after(sign, true);
    }

    /** Passes over the white space after a tag. */
    private void after(char sign, boolean trims) {
        int end = place;
        if (sign == '-') {
            while (end < text.length() && PythonStrings.isSpace(text.charAt(end))) {
                end++;
            }
        } else if (sign != '+' && trims && end < text.length() && text.charAt(end) == '\n') {
            end++;
        }
        moveTo(end);
    }

    private void inside(boolean isVariable) {
        add(isVariable ? Kind.VARIABLE_BEGIN : Kind.BLOCK_BEGIN, isVariable ? "{{" : "{%");
        String close = isVariable ? "}}" : "%}";
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            while (place < text.length() && PythonStrings.isSpace(text.charAt(place))) {
                moveTo(place + 1);
            }
            if (place == text.length()) {
                throw error("a tag has no end " + close);
            }
            if (open.isEmpty()) {
                char sign = text.charAt(place);
                boolean hasSign = sign == '-' || (sign == '+' && !isVariable);
                if (text.startsWith(close, hasSign ? place + 1 : place)) {
                    add(isVariable ? Kind.VARIABLE_END : Kind.BLOCK_END, close);
                    moveTo(place + (hasSign ? 3 : 2));
                    after(hasSign ? sign : ' ', !isVariable);
                    return;
                }
            }
            token(open);
        }
    }

    private void token(Deque<Character> open) {
        Matcher number = at(NUMBER, place);
        Matcher name = at(NAME, place);
        Matcher string = at(STRING, place);
        if (number.lookingAt()) {
            add(
                    number.group(1) == null ? Kind.FLOAT : Kind.INTEGER,
                    number.group().replace("_", ""));
            moveTo(number.end());
        } else if (name.lookingAt()) {
            add(Kind.NAME, name.group());
            moveTo(name.end());
        } else if (string.lookingAt()) {
            add(Kind.STRING, unescape(string.group().substring(1, string.group().length() - 1)));
            moveTo(string.end());
        } else {
            String operator = OPERATORS.stream()
                    .filter(each -> text.startsWith(each, place))
                    .findFirst()
                    .orElseThrow(() -> error("the character '" + text.charAt(place) + "' is not expected"));
            balance(operator.charAt(0), open);
            add(Kind.OPERATOR, operator);
            moveTo(place + operator.length());
        }
    }

    private void balance(char c, Deque<Character> open) {
        if (c == '(' || c == '[' || c == '{') {
            open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
        } else if ((c == ')' || c == ']' || c == '}') && (open.isEmpty() || open.pop() != c)) {
            throw error("'" + c + "' closes nothing");
        }
    }

    private String unescape(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\\') {
                result.append(c);
                continue;
            }
            char escaped = value.charAt(++i);
            int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : escaped == 'U' ? 8 : 0;
            int simple = "abfnrtv\\'\"".indexOf(escaped);
            if (simple >= 0) {
                result.append("\u0007\b\f\n\r\t\u000B\\'\"".charAt(simple));
            } else if (digits > 0) {
                result.appendCodePoint(codePoint(value, i + 1, digits));
                i += digits;
            } else if (escaped >= '0' && escaped <= '7') {
                int end = i + 1;
                while (end < value.length() && end < i + 3 && value.charAt(end) >= '0' && value.charAt(end) <= '7') {
                    end++;
                }
                result.appendCodePoint(Integer.parseInt(value, i, end, 8));
                i = end - 1;
            } else if (escaped == 'N') {
                throw error("a string has the escape \\N, which is not known: write the character itself");
            } else if (escaped != '\n') {
                result.append('\\').append(escaped);
            }
        }
        return result.toString();
    }

    private int codePoint(String value, int from, int digits) {
        try {
            int point = Integer.parseInt(value, from, from + digits, 16);
            if (Character.isValidCodePoint(point)) {
                return point;
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            // falls through to the error
        }
        throw error("a string has a damaged escape \\" + value.substring(from - 1));
    }
}
