package org.jtorch.text.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.text.internal.jinja.TemplateLexer.Kind;
import org.jtorch.text.internal.jinja.TemplateLexer.Token;
import org.jtorch.text.internal.jinja.TemplateNodes.Expression;
import org.jtorch.text.internal.jinja.TemplateNodes.Flow;
import org.jtorch.text.internal.jinja.TemplateNodes.Statement;
import org.jtorch.text.internal.jinja.TemplateNodes.Target;

/** Reads the tags of a template; expressions are read by {@link ExpressionParser}. */
final class TemplateParser {

    private final ExpressionParser expressions;

    private TemplateParser(ExpressionParser expressions) {
        this.expressions = expressions;
    }

    static List<Statement> parse(String template) {
        ExpressionParser expressions = new ExpressionParser(TemplateLexer.tokens(template));
        try {
            return new TemplateParser(expressions).body(Set.of());
        } catch (JinjaError e) {
            throw e.at(expressions.current().line());
        }
    }

    /** Reads statements up to a tag with one of some names, which is not read; up to the end if there are no names. */
    private List<Statement> body(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = expressions.next();
            switch (token.kind()) {
                case DATA -> statements.add(print(scope -> token.text(), token.line()));
                case VARIABLE_BEGIN -> {
                    statements.add(print(expressions.tuple(true, Set.of()), token.line()));
                    expressions.expect(Kind.VARIABLE_END, "}}");
                }
                case BLOCK_BEGIN -> {
                    Token name = expressions.current();
                    if (name.kind() == Kind.NAME && ends.contains(name.text())) {
                        return statements;
                    }
                    expressions.next();
                    statements.add(located(tag(name), name.line()));
                }
                default -> {
                    if (ends.isEmpty() && token.kind() == Kind.END) {
                        return statements;
                    }
                    throw new JinjaError(token + " is not expected; one of the tags " + ends + " is missing")
                            .at(token.line());
                }
            }
        }
    }

    private static Statement print(Expression expression, int line) {
        return located(
                (scope, output) -> {
                    TemplateNodes.print(output, Python.str(expression.value(scope)));
                    return Flow.NEXT;
                },
                line);
    }

    /** Returns a statement whose errors have its line. */
    private static Statement located(Statement statement, int line) {
        return (scope, output) -> {
            try {
                return statement.run(scope, output);
            } catch (JinjaError e) {
                throw e.at(line);
            }
        };
    }

    /** Reads statements up to a tag, and that tag. */
    private List<Statement> bodyUntil(String end) {
        List<Statement> statements = body(Set.of(end));
        expressions.next();
        close();
        return statements;
    }

    private void close() {
        expressions.expect(Kind.BLOCK_END, "%}");
    }

    private Statement tag(Token name) {
        return switch (name.kind() == Kind.NAME ? name.text() : "") {
            case "if" -> condition();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> call();
            case "with" -> with();
            case "filter" -> filter();
            case "generation" -> {
                close();
                List<Statement> inside = bodyUntil("endgeneration");
                yield (scope, output) -> TemplateNodes.run(inside, new TemplateScope(scope), output);
            }
            case "break" -> flow(Flow.BREAK);
            case "continue" -> flow(Flow.CONTINUE);
            default -> throw new JinjaError("the tag " + name + " is not known").at(name.line());
        };
    }

    private Statement flow(Flow flow) {
        close();
        return (scope, output) -> flow;
    }

    private Statement condition() {
        Expression condition = expressions.tuple(false, Set.of());
        close();
        List<Statement> then = body(Set.of("elif", "else", "endif"));
        String next = expressions.next().text();
        Statement otherwise;
        if (next.equals("elif")) {
            otherwise = condition();
        } else {
            close();
            List<Statement> last = next.equals("else") ? bodyUntil("endif") : List.of();
            otherwise = (scope, output) -> TemplateNodes.run(last, scope, output);
        }
        return (scope, output) -> Python.isTrue(condition.value(scope))
                ? TemplateNodes.run(then, scope, output)
                : otherwise.run(scope, output);
    }

    private Statement loop() {
        Target target = expressions.target(Set.of("in"));
        expressions.expect(Kind.NAME, "in");
        Expression values = expressions.tuple(false, Set.of("recursive"));
        @Nullable Expression condition = expressions.skip(Kind.NAME, "if") ? expressions.expression() : null;
        boolean isRecursive = expressions.skip(Kind.NAME, "recursive");
        close();
        List<Statement> body = body(Set.of("else", "endfor"));
        boolean hasElse = expressions.next().text().equals("else");
        close();
        List<Statement> otherwise = hasElse ? bodyUntil("endfor") : List.of();
        return new TemplateLoop.For(target, values, condition, isRecursive, body, otherwise);
    }

    private Statement assignment() {
        Target target = expressions.target(Set.of());
        if (expressions.skip(Kind.OPERATOR, "=")) {
            Expression value = expressions.tuple(true, Set.of());
            close();
            return (scope, output) -> {
                target.set(scope, value.value(scope));
                return Flow.NEXT;
            };
        }
        Expression[] text = {scope -> ""};
        Expression filtered = expressions.filters(scope -> text[0].value(scope));
        close();
        List<Statement> body = bodyUntil("endset");
        text[0] = scope -> TemplateNodes.text(body, scope);
        return (scope, output) -> {
            target.set(scope, filtered.value(scope));
            return Flow.NEXT;
        };
    }

    private Statement macro() {
        String name = expressions.name();
        Expression[] value = new Expression[1];
        signature(name, "endmacro", value);
        return (scope, output) -> {
            scope.set(name, value[0].value(scope));
            return Flow.NEXT;
        };
    }

    /** Reads parameters and a body, and gives a macro. */
    private void signature(String name, String end, Expression[] macro) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (expressions.skip(Kind.OPERATOR, "(")) {
            while (!expressions.skip(Kind.OPERATOR, ")")) {
                if (!parameters.isEmpty()) {
                    expressions.expect(Kind.OPERATOR, ",");
                }
                parameters.add(expressions.name());
                if (expressions.skip(Kind.OPERATOR, "=")) {
                    defaults.add(expressions.expression());
                } else if (!defaults.isEmpty()) {
                    throw new JinjaError("a parameter without a default stands after one with a default");
                }
            }
        }
        finish(name, end, parameters, defaults, macro);
    }

    private void finish(
            String name, String end, List<String> parameters, List<Expression> defaults, Expression[] macro) {
        if (!end.equals("endcall")) {
            close();
        }
        Set<String> before = expressions.startNames();
        List<Statement> body = bodyUntil(end);
        Set<String> used = expressions.endNames(before);
        macro[0] = scope -> new TemplateMacro(name, parameters, defaults, body, used, scope);
    }

    private Statement call() {
        List<String> parameters = new ArrayList<>();
        if (expressions.skip(Kind.OPERATOR, "(")) {
            while (!expressions.skip(Kind.OPERATOR, ")")) {
                if (!parameters.isEmpty()) {
                    expressions.expect(Kind.OPERATOR, ",");
                }
                parameters.add(expressions.name());
            }
        }
        Expression called = expressions.callWithCaller();
        close();
        Expression[] caller = new Expression[1];
        finish("caller", "endcall", parameters, List.of(), caller);
        return (scope, output) -> {
            TemplateScope own = new TemplateScope(scope);
            own.set(ExpressionParser.CALLER, caller[0].value(scope));
            TemplateNodes.print(output, Python.str(called.value(own)));
            return Flow.NEXT;
        };
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (expressions.current().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                expressions.expect(Kind.OPERATOR, ",");
            }
            targets.add(expressions.target(Set.of()));
            expressions.expect(Kind.OPERATOR, "=");
            values.add(expressions.expression());
        }
        close();
        List<Statement> body = bodyUntil("endwith");
        return (scope, output) -> {
            TemplateScope own = new TemplateScope(scope);
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).set(own, values.get(i).value(scope));
            }
            return TemplateNodes.run(body, own, output);
        };
    }

    private Statement filter() {
        Expression[] text = {scope -> ""};
        Expression filtered = expressions.filtersAfterName(scope -> text[0].value(scope));
        close();
        List<Statement> body = bodyUntil("endfilter");
        text[0] = scope -> TemplateNodes.text(body, scope);
        return (scope, output) -> {
            TemplateNodes.print(output, Python.str(filtered.value(scope)));
            return Flow.NEXT;
        };
    }
}
