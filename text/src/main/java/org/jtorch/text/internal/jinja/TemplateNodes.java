package org.jtorch.text.internal.jinja;

import java.util.List;

/** What a template is made of after it was read: functions of the names around them. */
final class TemplateNodes {

    private static final int MAX_OUTPUT = 64 << 20;

    private TemplateNodes() {}

    /** Something that has a value. */
    interface Expression {
        Object value(TemplateScope scope);
    }

    /** Something that prints, sets names, or ends a loop. */
    interface Statement {
        Flow run(TemplateScope scope, StringBuilder output);
    }

    /** What gets a value: a name, several names, or a name in a namespace. */
    interface Target {
        void set(TemplateScope scope, Object value);
    }

    /** How it goes on after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    static void print(StringBuilder output, String text) {
        if (output.length() + (long) text.length() > MAX_OUTPUT) {
            throw new JinjaError("the text has more than " + MAX_OUTPUT + " characters");
        }
        output.append(text);
    }

    /** Runs statements one after another. */
    static Flow run(List<Statement> statements, TemplateScope scope, StringBuilder output) {
        for (Statement each : statements) {
            Flow flow = each.run(scope, output);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    /** Runs statements with names of their own, and returns what they print. */
    static String text(List<Statement> statements, TemplateScope scope) {
        StringBuilder output = new StringBuilder();
        run(statements, new TemplateScope(scope), output);
        return output.toString();
    }
}
