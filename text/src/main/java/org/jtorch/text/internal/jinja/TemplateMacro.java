package org.jtorch.text.internal.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.text.internal.jinja.TemplateNodes.Expression;
import org.jtorch.text.internal.jinja.TemplateNodes.Statement;

/**
 * A macro, or what stands inside of {@code call}.
 *
 * @param defaults the values of the last parameters
 * @param used the names in the body, of which {@code varargs}, {@code kwargs} and {@code caller} change what may be given
 */
record TemplateMacro(
        String name,
        List<String> parameters,
        List<Expression> defaults,
        List<Statement> body,
        Set<String> used,
        TemplateScope outer)
        implements Python.Function {

    @Override
    public Object call(TemplateCall call) {
        TemplateScope scope = new TemplateScope(outer);
        Map<String, Object> rest = new LinkedHashMap<>(call.named());
        List<Object> given = call.arguments();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            int ofDefault = i - (parameters.size() - defaults.size());
            @Nullable Object value = rest.remove(parameter);
            if (i < given.size()) {
                if (value != null) {
                    throw new JinjaError("the macro " + name + " is given " + parameter + " twice");
                }
                value = given.get(i);
            } else if (value == null) {
                value = ofDefault >= 0
                        ? defaults.get(ofDefault).value(scope)
                        : new Python.Undefined("the argument '" + parameter + "' of the macro " + name);
            }
            scope.set(parameter, value);
        }
        if (used.contains("caller") && !parameters.contains("caller")) {
            Object caller = rest.remove("caller");
            scope.set("caller", caller != null ? caller : new Python.Undefined("'caller'"));
        }
        if (used.contains("kwargs")) {
            scope.set("kwargs", new LinkedHashMap<Object, Object>(rest));
        } else if (!rest.isEmpty()) {
            throw new JinjaError("the macro " + name + " has no argument " + rest.keySet());
        }
        if (used.contains("varargs")) {
            scope.set(
                    "varargs",
                    new Python.Tuple(
                            new ArrayList<>(given).subList(Math.min(parameters.size(), given.size()), given.size())));
        } else if (given.size() > parameters.size()) {
            throw new JinjaError("the macro " + name + " takes at most " + parameters.size() + " arguments");
        }
        return TemplateNodes.text(body, scope);
    }

    @Override
    public String toString() {
        return name;
    }
}
