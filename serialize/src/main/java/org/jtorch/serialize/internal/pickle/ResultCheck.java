package org.jtorch.serialize.internal.pickle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Checks the depth of a pickle's result, and the number of its values, where each value is counted as often as it occurs.
 * It visits each container once and is not recursive. A container that contains itself is counted once.
 */
public final class ResultCheck {

    /** A container that is being visited, or was. */
    private static final class Node {
        private final Iterator<?> children;
        private @Nullable Node parent;
        private long values = 1;
        private int height = 1;
        private boolean open = true;

        Node(Iterator<?> children) {
            this.children = children;
        }
    }

    private final Limits limits;
    private final long limit;
    private final IdentityHashMap<Object, Node> nodes = new IdentityHashMap<>();
    private final Deque<Node> path = new ArrayDeque<>();

    private ResultCheck(Limits limits, long limit) {
        this.limits = limits;
        this.limit = limit;
    }

    static void check(@Nullable Object root, long pickleBytes, Limits limits) {
        long allowed = 64 * pickleBytes;
        new ResultCheck(
                        limits,
                        limits.sharedValues() > Long.MAX_VALUE - allowed
                                ? Long.MAX_VALUE
                                : limits.sharedValues() + allowed)
                .run(root);
    }

    private void run(@Nullable Object root) {
        Node top = new Node(List.of().iterator());
        visit(root, top);
        while (!path.isEmpty()) {
            Node node = path.getLast();
            if (node.children.hasNext()) {
                visit(node.children.next(), node);
            } else {
                path.removeLast();
                node.open = false;
                add(node, node.parent == null ? top : node.parent);
            }
        }
    }

    private void visit(@Nullable Object described, Node parent) {
        Object value = described instanceof Internal internal ? internal.record() : described;
        // checked first, since visiting a large container takes time
        Node known = value == null ? null : nodes.get(value);
        if (known != null) {
            if (known.open) {
                parent.values++;
            } else {
                add(known, parent);
            }
            return;
        }
        Collection<?> children = children(value);
        if (children == null) {
            parent.values++;
            return;
        }
        Node node = new Node(children.iterator());
        node.parent = parent;
        nodes.put(value, node);
        path.addLast(node);
        if (path.size() > limits.nesting()) {
            throw tooDeep();
        }
    }

    private void add(Node child, Node parent) {
        parent.values += child.values;
        parent.height = Math.max(parent.height, child.height + 1);
        if (parent.height > limits.nesting() + 1) {
            throw tooDeep();
        }
        if (parent.values > limit) {
            throw new CheckpointException(
                    "the file's few bytes describe more than " + limit + " values, by referring to each other");
        }
    }

    private CheckpointException tooDeep() {
        return new CheckpointException("the file nests containers more than " + limits.nesting() + " deep");
    }

    /** Returns the contents of a record. There may be a record for every other byte of a pickle, and most are empty. */
    private static Collection<?> parts(PythonObject object) {
        List<Object> parts = new ArrayList<>(2);
        if (object.arguments().size() > 0) {
            parts.add(object.arguments());
        }
        if (!object.namedArguments().isEmpty()) {
            parts.add(object.namedArguments());
        }
        if (!object.items().isEmpty()) {
            parts.add(object.items());
        }
        if (!object.entries().isEmpty()) {
            parts.add(object.entries());
        }
        if (object.state() != null) {
            parts.add(object.state());
        }
        return parts;
    }

    private static @Nullable Collection<?> children(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            List<@Nullable Object> more = new ArrayList<>();
            for (Object key : map.keySet()) {
                // of the types of keys, only these contain other values
                if (key instanceof Tuple || key instanceof PythonObject) {
                    more.add(key);
                }
            }
            if (value instanceof OrderedDict dict) {
                more.addAll(dict.attributes().values());
            }
            if (more.isEmpty()) {
                return map.values();
            }
            more.addAll(map.values());
            return more;
        }
        if (value instanceof Tuple tuple) {
            return tuple.values();
        }
        if (value instanceof PythonObject object) {
            return parts(object);
        }
        if (value instanceof List<?> || value instanceof Set<?>) {
            return (Collection<?>) value;
        }
        return null;
    }
}
