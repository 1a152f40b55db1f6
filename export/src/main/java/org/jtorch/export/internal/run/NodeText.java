package org.jtorch.export.internal.run;

import org.jtorch.export.graph.Node;

/** Says which node failed, and where it is in the Python program. */
public final class NodeText {

    private NodeText() {}

    static String failure(Node node, Exception e) {
        return of(node) + " failed: " + e.getMessage();
    }

    /** Returns {@code node 'linear' (aten.linear.default) of encoder.layer.0 at model.py line 12}. */
    public static String of(Node node) {
        return "node '" + node.label() + "' (" + node.target().replaceFirst("^torch\\.ops\\.", "") + ")" + module(node)
                + line(node);
    }

    /** Returns what {@link #of} says as an object that makes the text when it is needed, since few nodes have a fault. */
    static Object place(Node node) {
        return new Object() {
            @Override
            public String toString() {
                return of(node);
            }
        };
    }

    private static String module(Node node) {
        String path = modulePath(node);
        return path.isEmpty() ? "" : " of " + path;
    }

    /**
     * Returns the path of the innermost module, from entries such as {@code L__self___fc,fc,torch.nn.Linear;…}; empty if it is the
     * whole model or not known.
     */
    public static String modulePath(Node node) {
        String stack = node.metadata().get("nn_module_stack");
        if (stack == null || stack.isEmpty()) {
            return "";
        }
        String[] last = stack.substring(stack.lastIndexOf(';') + 1).split(",");
        return last.length < 2 ? "" : last[1];
    }

    private static String line(Node node) {
        String trace = node.metadata().get("stack_trace");
        if (trace == null) {
            return "";
        }
        String[] lines = trace.strip().split("\n");
        for (int i = lines.length - 1; i >= 0; i--) {
            String line = lines[i].strip();
            if (line.startsWith("File \"")) {
                String file = line.substring("File \"".length(), Math.max(line.indexOf('"', 6), 6));
                int number = line.indexOf(", line ");
                return number < 0
                        ? ""
                        : " at " + file.substring(file.lastIndexOf('/') + 1) + " line "
                                + line.substring(number + 7).replaceFirst(",.*", "");
            }
        }
        return "";
    }
}
