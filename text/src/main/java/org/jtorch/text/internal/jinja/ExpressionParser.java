package org.jtorch.text.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jtorch.text.internal.jinja.TemplateLexer.Kind;
import org.jtorch.text.internal.jinja.TemplateLexer.Token;
import org.jtorch.text.internal.jinja.TemplateNodes.Expression;
import org.jtorch.text.internal.jinja.TemplateNodes.Target;

/** Reads the expressions of a template, with the precedence of Jinja. */
final class ExpressionParser {

    /** The name under which {@code call} gives its inside to what it calls. No template can write it. */
    static final String CALLER = " caller";

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<Kind> ARGUMENTS = Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

    private final List<Token> tokens;
    private int place;
    private Set<String> names = new LinkedHashSet<>();

    ExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    // --- tokens
    // --------------------------------------------------------------------------------------------------------

    Token current() {
        return tokens.get(place);
    }

    Token next() {
        Token token = current();
        place = Math.min(place + 1, tokens.size() - 1);
        return token;
    }

    boolean skip(Kind kind, String text) {
        boolean isIt = current().is(kind, text);
        if (isIt) {
            next();
        }
        return isIt;
    }

    void expect(Kind kind, String text) {
        if (!skip(kind, text)) {
            throw new JinjaError("'" + text + "' is expected, but there is " + current())
                    .at(current().line());
        }
    }

    String name() {
        if (current().kind() != Kind.NAME) {
            throw new JinjaError("a name is expected, but there is " + current())
                    .at(current().line());
        }
        return next().text();
    }

    private boolean isOperator(String text) {
        return current().is(Kind.OPERATOR, text);
    }

    /** Begins to note the names that are read, and returns those that were noted before. */
    Set<String> startNames() {
        Set<String> before = names;
        names = new LinkedHashSet<>();
        return before;
    }

    /** Returns the names that were noted since the start. */
    Set<String> endNames(Set<String> before) {
        Set<String> noted = names;
        names = before;
        names.addAll(noted);
        return noted;
    }

    // --- expressions
    // ---------------------------------------------------------------------------------------------------

    /** Reads an expression, or several with commas. */
    Expression tuple(boolean hasConditions, Set<String> ends) {
        return tuple(hasConditions ? this::expression : this::or, ends, false);
    }

    private Expression tuple(Supplier<Expression> one, Set<String> ends, boolean isInParentheses) {
        List<Expression> values = new ArrayList<>();
        boolean isTuple = false;
        while (!isTupleEnd(ends)) {
            values.add(one.get());
            if (!skip(Kind.OPERATOR, ",")) {
                break;
            }
            isTuple = true;
        }
        if (!isTuple && !values.isEmpty()) {
            return values.get(0);
        } else if (!isTuple && !isInParentheses) {
            throw new JinjaError("an expression is expected, but there is " + current())
                    .at(current().line());
        }
        return scope -> new Python.Tuple(values(values, scope));
    }

    private boolean isTupleEnd(Set<String> ends) {
        Token token = current();
        return token.kind() == Kind.VARIABLE_END
                || token.kind() == Kind.BLOCK_END
                || token.is(Kind.OPERATOR, ")")
                || (token.kind() == Kind.NAME && ends.contains(token.text()));
    }

    private static List<Object> values(List<Expression> expressions, TemplateScope scope) {
        List<Object> values = new ArrayList<>();
        expressions.forEach(each -> values.add(each.value(scope)));
        return values;
    }

    /** Reads an expression with its condition. */
    Expression expression() {
        Expression value = or();
        while (skip(Kind.NAME, "if")) {
            Expression then = value;
            Expression condition = or();
            Expression otherwise = skip(Kind.NAME, "else")
                    ? expression()
                    : scope -> new Python.Undefined("the value of 'if' without 'else'");
            value = scope -> Python.isTrue(condition.value(scope)) ? then.value(scope) : otherwise.value(scope);
        }
        return value;
    }

    private Expression or() {
        Expression value = and();
        while (skip(Kind.NAME, "or")) {
            Expression left = value;
            Expression right = and();
            value = scope -> {
                Object first = left.value(scope);
                return Python.isTrue(first) ? first : right.value(scope);
            };
        }
        return value;
    }

    private Expression and() {
        Expression value = not();
        while (skip(Kind.NAME, "and")) {
            Expression left = value;
            Expression right = not();
            value = scope -> {
                Object first = left.value(scope);
                return Python.isTrue(first) ? right.value(scope) : first;
            };
        }
        return value;
    }

    private Expression not() {
        if (skip(Kind.NAME, "not")) {
            Expression value = not();
            return scope -> !Python.isTrue(value.value(scope));
        }
        return comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token token = current();
            if ((token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) || token.is(Kind.NAME, "in")) {
                operators.add(next().text());
            } else if (token.is(Kind.NAME, "not") && tokens.get(place + 1).is(Kind.NAME, "in")) {
                next();
                next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        if (operators.isEmpty()) {
            return first;
        }
        return scope -> {
            Object left = first.value(scope);
            for (int i = 0; i < operators.size(); i++) {
                Object right = others.get(i).value(scope);
                if (!compare(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        };
    }

    private static boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Python.equal(left, right);
            case "!=" -> !Python.equal(left, right);
            case "<" -> Python.compare(left, right) < 0;
            case "<=" -> Python.compare(left, right) <= 0;
            case ">" -> Python.compare(left, right) > 0;
            case ">=" -> Python.compare(left, right) >= 0;
            case "in" -> Python.contains(right, left);
            default -> !Python.contains(right, left);
        };
    }

    private Expression binary(Supplier<Expression> part, Set<String> operators) {
        Expression value = part.get();
        while (current().kind() == Kind.OPERATOR && operators.contains(current().text())) {
            String operator = next().text();
            Expression left = value;
            Expression right = part.get();
            value = scope -> Python.operate(operator, left.value(scope), right.value(scope));
        }
        return value;
    }

    private Expression sum() {
        return binary(this::joined, Set.of("+", "-"));
    }

    private Expression joined() {
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (skip(Kind.OPERATOR, "~")) {
            parts.add(product());
        }
        return parts.size() == 1
                ? parts.get(0)
                : scope -> {
                    StringBuilder text = new StringBuilder();
                    parts.forEach(each -> TemplateNodes.print(text, Python.str(each.value(scope))));
                    return text.toString();
                };
    }

    private Expression product() {
        return binary(this::power, Set.of("*", "/", "//", "%"));
    }

    private Expression power() {
        return binary(() -> unary(true), Set.of("**"));
    }

    private Expression unary(boolean hasFilters) {
        Expression value;
        if (skip(Kind.OPERATOR, "-")) {
            Expression operand = unary(false);
            value = scope -> Python.negate(operand.value(scope));
        } else if (skip(Kind.OPERATOR, "+")) {
            Expression operand = unary(false);
            value = scope -> Python.negate(Python.negate(operand.value(scope)));
        } else {
            value = primary();
        }
        value = postfix(value);
        return hasFilters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        Token token = next();
        switch (token.kind()) {
            case NAME -> {
                return variable(token.text());
            }
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (current().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                return constant(text.toString());
            }
            case INTEGER -> {
                return constant(integer(token.text()));
            }
            case FLOAT -> {
                return constant(Double.parseDouble(token.text()));
            }
            default -> {
                if (token.is(Kind.OPERATOR, "(")) {
                    Expression inside = tuple(this::expression, Set.of(), true);
                    expect(Kind.OPERATOR, ")");
                    return inside;
                } else if (token.is(Kind.OPERATOR, "[")) {
                    List<Expression> values = items();
                    return scope -> values(values, scope);
                } else if (token.is(Kind.OPERATOR, "{")) {
                    return dictionary();
                }
                throw new JinjaError(token + " is not expected").at(token.line());
            }
        }
    }

    private static Expression constant(Object value) {
        return scope -> value;
    }

    private static BigInteger integer(String text) {
        int radix = text.length() < 2
                ? 10
                : switch (text.charAt(1)) {
                    case 'x', 'X' -> 16;
                    case 'o', 'O' -> 8;
                    case 'b', 'B' -> 2;
                    default -> 10;
                };
        return new BigInteger(radix == 10 ? text : text.substring(2), radix);
    }

    private Expression variable(String name) {
        switch (name) {
            case "true", "True", "false", "False" -> {
                return constant(name.equalsIgnoreCase("true"));
            }
            case "none", "None" -> {
                return constant(Python.None.NONE);
            }
            default -> {
                names.add(name);
                return scope -> scope.get(name);
            }
        }
    }

    private List<Expression> items() {
        List<Expression> values = new ArrayList<>();
        while (!skip(Kind.OPERATOR, "]")) {
            if (!values.isEmpty()) {
                expect(Kind.OPERATOR, ",");
                if (skip(Kind.OPERATOR, "]")) {
                    break;
                }
            }
            values.add(expression());
        }
        return values;
    }

    private Expression dictionary() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!skip(Kind.OPERATOR, "}")) {
            if (!entries.isEmpty()) {
                expect(Kind.OPERATOR, ",");
                if (skip(Kind.OPERATOR, "}")) {
                    break;
                }
            }
            Expression key = expression();
            expect(Kind.OPERATOR, ":");
            entries.put(scope -> key.value(scope), expression());
        }
        return scope -> {
            Map<Object, Object> map = new LinkedHashMap<>();
            entries.forEach((key, value) -> Python.put(map, key.value(scope), value.value(scope)));
            return map;
        };
    }

    // --- what follows a value
    // ------------------------------------------------------------------------------------------

    private Expression postfix(Expression first) {
        Expression value = first;
        while (isOperator(".") || isOperator("[") || isOperator("(")) {
            Expression base = value;
            if (isOperator("(")) {
                value = call(base, false);
            } else if (skip(Kind.OPERATOR, ".")) {
                Token name = next();
                if (name.kind() == Kind.INTEGER) {
                    BigInteger index = integer(name.text());
                    value = scope -> Python.item(base.value(scope), index);
                } else if (name.kind() == Kind.NAME) {
                    value = scope -> Python.attribute(base.value(scope), name.text());
                } else {
                    throw new JinjaError("a name or number is expected, but there is " + name).at(name.line());
                }
            } else {
                next();
                value = subscript(base);
            }
        }
        return value;
    }

    private Expression subscript(Expression base) {
        Expression none = constant(Python.None.NONE);
        Expression from = isOperator(":") ? none : expression();
        Expression value;
        if (skip(Kind.OPERATOR, ":")) {
            Expression to = isOperator(":") || isOperator("]") ? none : expression();
            Expression step = skip(Kind.OPERATOR, ":") && !isOperator("]") ? expression() : none;
            value = scope -> Python.slice(base.value(scope), from.value(scope), to.value(scope), step.value(scope));
        } else {
            value = scope -> Python.item(base.value(scope), from.value(scope));
        }
        expect(Kind.OPERATOR, "]");
        return value;
    }

    /** The arguments of a call. */
    private record Arguments(List<Expression> values, Map<String, Expression> named) {

        TemplateCall call(String name, TemplateScope scope) {
            List<Object> given = new ArrayList<>();
            values.forEach(each -> given.add(each.value(scope)));
            Map<String, Object> givenNamed = new LinkedHashMap<>();
            named.forEach((key, each) -> givenNamed.put(key, each.value(scope)));
            return new TemplateCall(name, given, givenNamed);
        }
    }

    private Arguments arguments() {
        Arguments arguments = new Arguments(new ArrayList<>(), new LinkedHashMap<>());
        expect(Kind.OPERATOR, "(");
        boolean isFirst = true;
        while (!skip(Kind.OPERATOR, ")")) {
            if (!isFirst) {
                expect(Kind.OPERATOR, ",");
                if (skip(Kind.OPERATOR, ")")) {
                    break;
                }
            }
            isFirst = false;
            if (isOperator("*") || isOperator("**")) {
                throw new JinjaError("arguments with * are not known")
                        .at(current().line());
            } else if (current().kind() == Kind.NAME && tokens.get(place + 1).is(Kind.OPERATOR, "=")) {
                String name = name();
                next();
                if (arguments.named.put(name, expression()) != null) {
                    throw new JinjaError("the argument " + name + " is given twice")
                            .at(current().line());
                }
            } else if (!arguments.named.isEmpty()) {
                throw new JinjaError("an argument without a name stands after one with a name")
                        .at(current().line());
            } else {
                arguments.values.add(expression());
            }
        }
        return arguments;
    }

    private Expression call(Expression base, boolean hasCaller) {
        Arguments arguments = arguments();
        if (hasCaller) {
            arguments.named.put("caller", scope -> scope.get(CALLER));
        }
        return scope -> {
            Object function = base.value(scope);
            TemplateCall call = arguments.call("this call", scope);
            if (function instanceof Python.Undefined undefined) {
                throw undefined.error();
            } else if (function instanceof Python.Function callable) {
                return callable.call(call);
            }
            throw new JinjaError("a value of type " + Python.type(function) + " is no function");
        };
    }

    /** Reads a name and a call of it, which gets the inside of a {@code call}. */
    Expression callWithCaller() {
        Expression function = variable(name());
        return call(function, true);
    }

    private Expression filtersAndTests(Expression first) {
        Expression value = first;
        while (true) {
            if (isOperator("|")) {
                value = filters(value);
            } else if (skip(Kind.NAME, "is")) {
                value = test(value);
            } else if (isOperator("(")) {
                value = call(value, false);
            } else {
                return value;
            }
        }
    }

    /** Reads filters, each after a bar. */
    Expression filters(Expression first) {
        Expression value = first;
        while (skip(Kind.OPERATOR, "|")) {
            value = filter(value);
        }
        return value;
    }

    /** Reads filters, of which the first one has no bar. */
    Expression filtersAfterName(Expression first) {
        return filters(filter(first));
    }

    private Expression filter(Expression value) {
        String name = name();
        Arguments arguments = isOperator("(") ? arguments() : new Arguments(List.of(), Map.of());
        TemplateFilters.check(name);
        return scope -> {
            Object given = value.value(scope);
            return TemplateFilters.apply(given, arguments.call(name, scope));
        };
    }

    private Expression test(Expression value) {
        boolean isNegated = skip(Kind.NAME, "not");
        String name = name();
        Arguments arguments;
        Token token = current();
        if (isOperator("(")) {
            arguments = arguments();
        } else if ((ARGUMENTS.contains(token.kind()) || isOperator("[") || isOperator("{"))
                && !(token.kind() == Kind.NAME && Set.of("else", "or", "and").contains(token.text()))) {
            if (token.is(Kind.NAME, "is")) {
                throw new JinjaError("tests with 'is' stand one after another").at(token.line());
            }
            Expression argument = postfix(primary());
            arguments = new Arguments(List.of(argument), Map.of());
        } else {
            arguments = new Arguments(List.of(), Map.of());
        }
        TemplateTests.check(name);
        return scope -> {
            Object given = value.value(scope);
            return TemplateTests.apply(given, arguments.call(name, scope)) != isNegated;
        };
    }

    // --- targets
    // -------------------------------------------------------------------------------------------------------

    /** Reads what gets a value. */
    Target target(Set<String> ends) {
        List<Target> targets = new ArrayList<>();
        boolean isTuple = false;
        while (!isTupleEnd(ends)) {
            targets.add(oneTarget(ends));
            if (!skip(Kind.OPERATOR, ",")) {
                break;
            }
            isTuple = true;
        }
        if (targets.isEmpty()) {
            throw new JinjaError("a name is expected, but there is " + current())
                    .at(current().line());
        }
        return isTuple ? unpacked(targets) : targets.get(0);
    }

    private Target oneTarget(Set<String> ends) {
        if (skip(Kind.OPERATOR, "(")) {
            Target inside = target(ends);
            expect(Kind.OPERATOR, ")");
            return inside;
        }
        String name = name();
        if (Set.of("true", "True", "false", "False", "none", "None").contains(name)) {
            throw new JinjaError("nothing is assigned to " + name).at(current().line());
        }
        if (skip(Kind.OPERATOR, ".")) {
            String attribute = name();
            return (scope, value) -> {
                if (scope.get(name) instanceof Python.Namespace namespace) {
                    namespace.values().put(attribute, value);
                } else {
                    throw new JinjaError(
                            "'" + name + "' is no namespace, so that nothing is assigned to its attributes");
                }
            };
        }
        return (scope, value) -> scope.set(name, value);
    }

    private static Target unpacked(List<Target> targets) {
        return (scope, value) -> {
            List<Object> values = Python.list(value);
            if (values.size() != targets.size()) {
                throw new JinjaError("there are " + targets.size() + " names for " + values.size() + " values");
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).set(scope, values.get(i));
            }
        };
    }
}
