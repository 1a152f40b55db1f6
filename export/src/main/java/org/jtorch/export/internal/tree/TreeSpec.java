package org.jtorch.export.internal.tree;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.GraphModule;
import org.jtorch.internal.text.JsonText;

/**
 * The shape of nested values: lists, tuples, dicts and objects with named fields, and where their leaves are. It is what PyTorch
 * calls a {@code TreeSpec}.
 *
 * @param kind the kind of this value
 * @param keys the keys of a dict or the names of fields, in the order of the children; empty for a list, a tuple and a leaf
 * @param children the parts
 */
public record TreeSpec(Kind kind, List<Object> keys, List<TreeSpec> children) {

    /** The kinds of values. */
    public enum Kind {
        /** A value that is not looked into. */
        LEAF,
        /** A list. */
        LIST,
        /** A tuple. */
        TUPLE,
        /** A dict. */
        DICT,
        /** An object with named fields. */
        FIELDS
    }

    private static final int MAX_DEPTH = 200;
    private static final int PROTOCOL = 1;

    /** A leaf. */
    public static final TreeSpec LEAF = new TreeSpec(Kind.LEAF, List.of(), List.of());

    /**
     * Reads a tree.
     *
     * @param json the tree as PyTorch's {@code treespec_dumps} writes it
     * @param tuples the fields of named tuples
     * @throws ExportException if the text is damaged
     */
    public static TreeSpec parse(String json, Map<String, GraphModule.NamedTuple> tuples) {
        Object node;
        try {
            node = JsonValues.read(json);
        } catch (JsonProcessingException e) {
            throw new ExportException(
                    "the tree of inputs or outputs is not valid JSON: " + JsonText.problem(e.getOriginalMessage()), e);
        }
        if (node instanceof List<?> pair
                && pair.size() == 2
                && Long.valueOf(PROTOCOL).equals(pair.get(0))
                && pair.get(1) instanceof Map<?, ?> tree) {
            return read(tree, tuples, 0);
        }
        throw new ExportException("the tree of inputs or outputs has an unknown form: " + json);
    }

    /** Returns the tree of a value of lists and maps: a list is a list, a map is a dict, and everything else a leaf. */
    public static TreeSpec of(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return new TreeSpec(
                    Kind.LIST, List.of(), list.stream().map(TreeSpec::of).toList());
        }
        if (value instanceof Map<?, ?> map) {
            List<TreeSpec> children = new ArrayList<>();
            map.values().forEach(each -> children.add(of(each)));
            return new TreeSpec(Kind.DICT, List.copyOf(map.keySet()), children);
        }
        return LEAF;
    }

    /** Returns a tuple of trees. */
    public static TreeSpec tuple(List<TreeSpec> children) {
        return new TreeSpec(Kind.TUPLE, List.of(), children);
    }

    /**
     * Returns the tree as {@link #parse} reads it.
     *
     * @throws ExportException if a part is an object of a class, or a key is neither a text nor a whole number
     */
    public String dumps() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonValues.JSON.createGenerator(text)) {
            out.writeStartArray();
            out.writeNumber(PROTOCOL);
            write(out);
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the text is in memory
        }
        return text.toString();
    }

    private void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        if (kind == Kind.LEAF) {
            out.writeNullField("type");
            out.writeNullField("context");
        } else {
            out.writeStringField("type", type());
            out.writeStringField("context", kind == Kind.DICT ? keysJson() : "null");
        }
        out.writeArrayFieldStart("children_spec");
        for (TreeSpec child : children) {
            child.write(out);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private String type() {
        return switch (kind) {
            case LIST -> "builtins.list";
            case TUPLE -> "builtins.tuple";
            case DICT -> "builtins.dict";
            case LEAF, FIELDS ->
                throw new ExportException("an object with the fields " + keys + " cannot be written: only its class"
                        + " in Python knows it");
        };
    }

    private String keysJson() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonValues.JSON.createGenerator(text)) {
            out.writeStartArray();
            for (Object key : keys) {
                if (key instanceof String name) {
                    out.writeString(name);
                } else if (key instanceof Long || key instanceof Integer) {
                    out.writeNumber(((Number) key).longValue());
                } else {
                    throw new ExportException("the key '" + key + "' of a map is a "
                            + key.getClass().getSimpleName()
                            + ", but a dict in a program has texts or whole numbers: use these");
                }
            }
            out.writeEndArray();
        }
        return text.toString();
    }

    private static TreeSpec read(Map<?, ?> node, Map<String, GraphModule.NamedTuple> tuples, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ExportException("the tree of inputs or outputs is nested more than " + MAX_DEPTH + " times");
        }
        List<TreeSpec> children = new ArrayList<>();
        for (Object child : node.get("children_spec") instanceof List<?> parts ? parts : List.of()) {
            if (!(child instanceof Map<?, ?> part)) {
                throw new ExportException("the tree of inputs or outputs has a part that is no object: " + child);
            }
            children.add(read(part, tuples, depth + 1));
        }
        if (node.containsKey("type") && node.get("type") == null) {
            return LEAF;
        }
        if (!(node.get("type") instanceof String name)) {
            throw new ExportException("the tree of inputs or outputs has a part without a type");
        }
        List<Object> keys = keys(node.get("context"), tuples);
        return switch (name) {
            case "builtins.tuple", "torch.Size" -> new TreeSpec(Kind.TUPLE, List.of(), children);
            case "builtins.list", "collections.deque" -> new TreeSpec(Kind.LIST, List.of(), children);
            case "builtins.dict", "collections.OrderedDict", "collections.defaultdict" ->
                new TreeSpec(Kind.DICT, checked(name, keys, children), children);
            default ->
                keys.size() == children.size()
                        ? new TreeSpec(Kind.FIELDS, keys, children)
                        : new TreeSpec(Kind.TUPLE, List.of(), children);
        };
    }

    private static List<Object> checked(String type, List<Object> keys, List<TreeSpec> children) {
        if (keys.size() != children.size()) {
            throw new ExportException("a " + type + " in the tree of inputs or outputs has " + keys.size()
                    + " keys, but " + children.size() + " values");
        }
        return keys;
    }

    /**
     * Returns the keys from the context of a part. It is a list of keys for a dict; for a defaultdict an object with the list; the
     * class of a named tuple; and for a class of a library often a list of its fields.
     */
    private static List<Object> keys(@Nullable Object context, Map<String, GraphModule.NamedTuple> tuples) {
        Object value = context;
        if (context instanceof String text) {
            GraphModule.NamedTuple tuple = tuples.get(text);
            if (tuple != null) {
                return List.copyOf(tuple.fieldNames());
            }
            try {
                value = JsonValues.read(text);
            } catch (JsonProcessingException e) {
                return List.of(); // the name of a class
            }
        }
        if (value instanceof String name && tuples.containsKey(name)) {
            return List.copyOf(tuples.get(name).fieldNames());
        }
        List<Object> keys = new ArrayList<>();
        for (Object key : listed(value)) {
            keys.add(key instanceof Long ? key : String.valueOf(key));
        }
        return keys;
    }

    /** Returns the list of keys: the value itself, the first part of a pair, or the first list in an object. */
    private static List<?> listed(@Nullable Object value) {
        Object keys = value;
        if (value instanceof Map<?, ?> map) {
            keys = map.values().stream()
                    .filter(List.class::isInstance)
                    .findFirst()
                    .orElse(null);
        }
        if (keys instanceof List<?> list) {
            return list.size() == 2 && list.get(0) instanceof List<?> nested ? nested : list;
        }
        return List.of();
    }

    /** Returns the number of leaves. */
    public int leaves() {
        return kind == Kind.LEAF
                ? 1
                : children.stream().mapToInt(TreeSpec::leaves).sum();
    }

    /**
     * Adds the leaves of a value to a list.
     *
     * @param place where the value is, for messages
     * @throws IllegalArgumentException if the value has another shape than this tree
     */
    public void flatten(@Nullable Object value, String place, List<@Nullable Object> leaves) {
        switch (kind) {
            case LEAF -> leaves.add(value);
            case LIST, TUPLE -> {
                List<?> list = value instanceof List<?> given
                        ? given
                        : value instanceof Object[] array ? Arrays.asList(array) : null;
                if (list == null || list.size() != children.size()) {
                    throw new IllegalArgumentException(place + " must be a list of " + children.size()
                            + " elements, but is " + (list == null ? described(value) : "one of " + list.size()));
                }
                for (int i = 0; i < children.size(); i++) {
                    TreeSpec child = children.get(i);
                    if (child.kind == Kind.LEAF) {
                        leaves.add(list.get(i));
                    } else {
                        child.flatten(list.get(i), place + "[" + i + "]", leaves);
                    }
                }
            }
            default -> {
                Map<?, ?> map = value instanceof Map<?, ?> given ? given : null;
                if (map == null) {
                    throw new IllegalArgumentException(
                            place + " must be a map with the keys " + keys + ", but is " + described(value));
                }
                for (int i = 0; i < children.size(); i++) {
                    if (!map.containsKey(keys.get(i))) {
                        throw new IllegalArgumentException(
                                place + " lacks the key '" + keys.get(i) + "'; it has " + map.keySet());
                    }
                    children.get(i).flatten(map.get(keys.get(i)), place + "['" + keys.get(i) + "']", leaves);
                }
                if (map.size() > children.size()) {
                    List<Object> unknown = new ArrayList<>(map.keySet());
                    unknown.removeAll(keys);
                    throw new IllegalArgumentException(
                            place + " has the unknown keys " + unknown + "; the program takes " + keys);
                }
            }
        }
    }

    private static String described(@Nullable Object value) {
        return value == null ? "null" : "a " + value.getClass().getSimpleName();
    }

    /** Returns the value with these leaves: lists, tuples as lists, and dicts and named fields as maps. */
    public @Nullable Object unflatten(Iterator<? extends @Nullable Object> leaves) {
        switch (kind) {
            case LEAF -> {
                return leaves.next();
            }
            case LIST, TUPLE -> {
                List<@Nullable Object> list = new ArrayList<>(children.size());
                for (TreeSpec child : children) {
                    list.add(child.unflatten(leaves));
                }
                return list;
            }
            default -> {
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = 0; i < children.size(); i++) {
                    map.put(keys.get(i), children.get(i).unflatten(leaves));
                }
                return map;
            }
        }
    }
}
