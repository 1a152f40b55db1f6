package org.jtorch.text.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.text.internal.jinja.TemplateNodes.Expression;
import org.jtorch.text.internal.jinja.TemplateNodes.Flow;
import org.jtorch.text.internal.jinja.TemplateNodes.Statement;
import org.jtorch.text.internal.jinja.TemplateNodes.Target;

/** A loop that runs: the value of {@code loop}. */
final class TemplateLoop implements Python.Function {

    /** The parts of {@code for target in values if condition}. */
    record For(
            Target target,
            Expression values,
            @Nullable Expression condition,
            boolean isRecursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {

        @Override
        public Flow run(TemplateScope scope, StringBuilder output) {
            new TemplateLoop(this, scope, 0).run(values.value(scope), output);
            return Flow.NEXT;
        }
    }

    private final For parts;
    private final TemplateScope outer;
    private final int depth;
    private List<Object> values = List.of();
    private int index;
    private @Nullable List<Object> last;

    private TemplateLoop(For parts, TemplateScope outer, int depth) {
        this.parts = parts;
        this.outer = outer;
        this.depth = depth;
    }

    private void run(Object all, StringBuilder output) {
        values = new ArrayList<>();
        for (Object each : Python.list(all)) {
            TemplateScope scope = new TemplateScope(outer);
            if (parts.condition != null) {
                parts.target.set(scope, each);
                if (!Python.isTrue(parts.condition.value(scope))) {
                    continue;
                }
            }
            values.add(each);
        }
        for (index = 0; index < values.size(); index++) {
            TemplateScope scope = new TemplateScope(outer);
            scope.set("loop", this);
            parts.target.set(scope, values.get(index));
            if (TemplateNodes.run(parts.body, scope, output) == Flow.BREAK) {
                break;
            }
        }
        if (values.isEmpty()) {
            TemplateNodes.run(parts.otherwise, new TemplateScope(outer), output);
        }
    }

    /** {@code loop(values)}, which runs a loop in itself. */
    @Override
    public Object call(TemplateCall call) {
        if (!parts.isRecursive) {
            throw new JinjaError("loop is called, but the loop is not recursive");
        }
        StringBuilder output = new StringBuilder();
        new TemplateLoop(parts, outer, depth + 1)
                .run(java.util.Objects.requireNonNull(call.bind(1, "iterable")[0]), output);
        return output.toString();
    }

    /** {@code loop.name}. */
    Object attribute(String name) {
        int size = values.size();
        return switch (name) {
            case "index" -> Python.integer(index + 1);
            case "index0" -> Python.integer(index);
            case "revindex" -> Python.integer(size - index);
            case "revindex0" -> Python.integer(size - index - 1);
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> Python.integer(size);
            case "depth" -> Python.integer(depth + 1);
            case "depth0" -> Python.integer(depth);
            case "previtem" ->
                index == 0 ? new Python.Undefined("loop.previtem of the first item") : values.get(index - 1);
            case "nextitem" ->
                index >= size - 1 ? new Python.Undefined("loop.nextitem of the last item") : values.get(index + 1);
            case "cycle" ->
                (Python.Function) call -> {
                    if (call.arguments().isEmpty()) {
                        throw new JinjaError("loop.cycle needs values");
                    }
                    return call.arguments().get(index % call.arguments().size());
                };
            case "changed" ->
                (Python.Function) call -> {
                    boolean isSame =
                            last != null && Python.equal(new Python.Tuple(last), new Python.Tuple(call.arguments()));
                    last = call.arguments();
                    return !isSame;
                };
            default -> new Python.Undefined("loop." + name);
        };
    }
}
