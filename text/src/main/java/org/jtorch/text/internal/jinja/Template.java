package org.jtorch.text.internal.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.text.internal.jinja.TemplateNodes.Statement;

/** A template. Rendering it runs nothing but its own tags, filters and functions, and reaches nothing of Java. */
public final class Template {

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws JinjaError if the text is no template, or contains what is not known
     * @throws StackOverflowError if it has too many brackets or tags in each other
     */
    public static Template parse(String text) {
        return new Template(TemplateParser.parse(text));
    }

    /**
     * Returns the template's text for some values.
     *
     * @param values the values by their names: texts, numbers, booleans, lists, maps, and null
     * @throws Raised if the template refuses the values
     * @throws JinjaError if it contains what cannot be run
     * @throws ArithmeticException if it computes a number that is too large
     * @throws StackOverflowError if it calls itself too often
     */
    public String render(Map<String, ? extends @Nullable Object> values) {
        TemplateScope scope = new TemplateScope(null);
        TemplateGlobals.addTo(scope);
        values.forEach((name, value) -> scope.set(name, Python.of(value)));
        StringBuilder output = new StringBuilder();
        TemplateNodes.run(statements, new TemplateScope(scope), output);
        return output.toString();
    }
}
