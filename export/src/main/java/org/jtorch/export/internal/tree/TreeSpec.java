package org.jtorch.export.internal.tree;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    private static final JsonMapper MAPPER = new JsonMapper();

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
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ExportException(
                    "the tree of inputs or outputs is not valid JSON: " + JsonText.problem(e.getOriginalMessage()), e);
        }
        if (!node.isArray() || node.size() != 2 || node.get(0).asInt() != PROTOCOL) {
            throw new ExportException("the tree of inputs or outputs has an unknown form: " + json);
        }
        return read(node.get(1), tuples, 0);
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
        ArrayNode root = MAPPER.createArrayNode();
        root.add(PROTOCOL);
        root.add(json());
        return root.toString();
    }

    private ObjectNode json() {
        ObjectNode node = MAPPER.createObjectNode();
        switch (kind) {
            case LEAF -> node.putNull("type").putNull("context");
            case LIST -> node.put("type", "builtins.list").put("context", "null");
            case TUPLE -> node.put("type", "builtins.tuple").put("context", "null");
            case DICT -> node.put("type", "builtins.dict").put("context", keysJson());
            case FIELDS ->
                throw new ExportException("an object with the fields " + keys + " cannot be written: only its class"
                        + " in Python knows it");
        }
        ArrayNode parts = node.putArray("children_spec");
        children.forEach(child -> parts.add(child.json()));
        return node;
    }

    private String keysJson() {
        ArrayNode array = MAPPER.createArrayNode();
        for (Object key : keys) {
            if (key instanceof String text) {
                array.add(text);
            } else if (key instanceof Long || key instanceof Integer) {
                array.add(((Number) key).longValue());
            } else {
                throw new ExportException(
                        "the key '" + key + "' of a map is a " + key.getClass().getSimpleName()
                                + ", but a dict in a program has texts or whole numbers: use these");
            }
        }
        return array.toString();
    }

    private static TreeSpec read(JsonNode node, Map<String, GraphModule.NamedTuple> tuples, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ExportException("the tree of inputs or outputs is nested more than " + MAX_DEPTH + " times");
        }
        JsonNode type = node.path("type");
        List<TreeSpec> children = new ArrayList<>();
        for (JsonNode child : node.path("children_spec")) {
            children.add(read(child, tuples, depth + 1));
        }
        if (type.isNull()) {
            return LEAF;
        }
        if (!type.isTextual()) {
            throw new ExportException("the tree of inputs or outputs has a part without a type");
        }
        String name = type.asText();
        List<Object> keys = keys(node.path("context"), tuples);
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
    private static List<Object> keys(JsonNode context, Map<String, GraphModule.NamedTuple> tuples) {
        JsonNode value = context;
        if (context.isTextual()) {
            String text = context.asText();
            GraphModule.NamedTuple tuple = tuples.get(text);
            if (tuple != null) {
                return List.copyOf(tuple.fieldNames());
            }
            try {
                value = MAPPER.readTree(text);
            } catch (JsonProcessingException e) {
                return List.of(); // the name of a class
            }
        }
        if (value.isTextual() && tuples.containsKey(value.asText())) {
            return List.copyOf(tuples.get(value.asText()).fieldNames());
        }
        List<Object> keys = new ArrayList<>();
        collectKeys(value, keys);
        return keys;
    }

    private static void collectKeys(JsonNode value, List<Object> keys) {
        if (value.isObject()) {
            for (JsonNode inner : value) {
                if (inner.isArray()) {
                    collectKeys(inner, keys);
                    return;
                }
            }
        }
        boolean nested = value.isArray() && value.size() == 2 && value.get(0).isArray();
        for (JsonNode key : nested ? value.get(0) : value.isArray() ? value : MAPPER.createArrayNode()) {
            keys.add(key.isIntegralNumber() ? (Object) key.asLong() : key.asText());
        }
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
