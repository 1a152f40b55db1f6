package org.jtorch.export.internal.symbols;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jtorch.export.graph.ExportException;

/**
 * Reads the two forms in which PyTorch writes expressions: as constructors, {@code Mul(Integer(2), Symbol('s0',
 * integer=True))}, and, before PyTorch 2.7, as {@code 2*s0}.
 */
final class ExpressionParser {

    private static final int MAX_DEPTH = 200;

    private final String text;
    private int at;
    private int depth;

    ExpressionParser(String text) {
        this.text = text;
    }

    Expression parse() {
        Expression expression = sum();
        skip();
        if (at != text.length()) {
            throw wrong();
        }
        return expression;
    }

    private Expression sum() {
        if (++depth > MAX_DEPTH) {
            throw new ExportException("an expression of sizes is nested more than " + MAX_DEPTH + " times");
        }
        Expression left = product();
        while (true) {
            if (take("+")) {
                left = call("Add", left, product());
            } else if (take("-")) {
                left = call("Add", left, negative(product()));
            } else {
                depth--;
                return left;
            }
        }
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            if (take("//")) {
                left = call("FloorDiv", left, power());
            } else if (take("*")) {
                left = call("Mul", left, power());
            } else if (take("/")) {
                left = call("Rational", left, power());
            } else if (take("%")) {
                left = call("Mod", left, power());
            } else {
                return left;
            }
        }
    }

    private Expression power() {
        if (take("-")) {
            return negative(power());
        }
        Expression base = atom();
        return take("**") ? call("Pow", base, power()) : base;
    }

    private static Expression negative(Expression expression) {
        return call("Mul", new Expression.Constant(-1), expression);
    }

    private static Expression call(String function, Expression... arguments) {
        return new Expression.Call(function, List.of(arguments));
    }

    private Expression atom() {
        if (take("(")) {
            Expression inner = sum();
            expect(")");
            return inner;
        }
        skip();
        int start = at;
        if (at < text.length() && Character.isDigit(text.charAt(at))) {
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || ".e".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            try {
                return new Expression.Constant(Double.parseDouble(text.substring(start, at)));
            } catch (NumberFormatException e) {
                throw wrong();
            }
        }
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "._".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (start == at) {
            throw wrong();
        }
        String name = text.substring(start, at);
        if (!take("(")) {
            return switch (name) {
                case "True", "true" -> new Expression.Constant(1);
                case "False", "false" -> new Expression.Constant(0);
                case "oo", "int_oo" -> new Expression.Constant(Double.POSITIVE_INFINITY);
                default -> new Expression.Symbol(name);
            };
        }
        return arguments(name);
    }

    /** Reads the arguments after the parenthesis. */
    private Expression arguments(String name) {
        List<Expression> arguments = new ArrayList<>();
        String symbol = null;
        while (!take(")")) {
            if (take("'")) {
                int end = text.indexOf('\'', at);
                if (end < 0) {
                    throw wrong();
                }
                symbol = text.substring(at, end);
                at = end + 1;
            } else {
                Expression argument = sum();
                if (take("=")) {
                    sum(); // an assumption, such as integer=True
                } else {
                    arguments.add(argument);
                }
            }
            if (!take(",")) {
                expect(")");
                break;
            }
        }
        if (name.equals("Symbol") || name.equals("Dummy")) {
            if (symbol == null) {
                throw wrong();
            }
            return new Expression.Symbol(symbol);
        }
        String function = name.substring(name.lastIndexOf('.') + 1);
        Functions.check(function);
        Expression.Call call = new Expression.Call(function, arguments);
        boolean literal = call.function().equals("Integer") && arguments.size() == 1;
        return literal && arguments.get(0) instanceof Expression.Constant constant ? constant : folded(call);
    }

    private static Expression folded(Expression.Call call) {
        boolean constant = call.function().equals("Integer") || call.function().equals("Rational");
        Double value = constant ? call.value(Map.of()) : null;
        return value == null ? call : new Expression.Constant(value);
    }

    private boolean take(String token) {
        skip();
        if (!text.startsWith(token, at)) {
            return false;
        }
        // "*" is not the start of "**", nor "/" of "//"
        boolean longer = token.length() == 1 && "*/".contains(token) && text.startsWith(token + token, at);
        if (longer) {
            return false;
        }
        at += token.length();
        return true;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw wrong();
        }
    }

    private void skip() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private ExportException wrong() {
        return new ExportException("the expression of sizes '" + text + "' cannot be read at character " + at);
    }
}
