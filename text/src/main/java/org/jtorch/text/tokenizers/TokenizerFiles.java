package org.jtorch.text.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ModelConfig;

/** Reads the files beside a vocabulary. */
final class TokenizerFiles {

    static final String NAME = "tokenizer.json";

    private static final String CHAT_TEMPLATE = "chat_template";

    private static final List<String> BESIDE =
            List.of("tokenizer_config.json", "special_tokens_map.json", CHAT_TEMPLATE + ".jinja");

    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final JsonFactory JSON = new JsonFactory();

    private TokenizerFiles() {}

    /** Returns the file with the vocabulary: the path itself, or the file in that folder. */
    static Path vocabulary(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
        if (Files.exists(file)) {
            return file;
        }
        throw new TokenizerException(file + " does not exist: give a folder with " + NAME
                + "; if the folder has another kind of vocabulary, Python's"
                + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder) writes that file");
    }

    /** Copies a vocabulary and the files beside it into a folder. */
    static void copy(Path vocabulary, Path folder) {
        try {
            Files.createDirectories(folder);
            copyFile(vocabulary, folder.resolve(NAME));
            for (String name : BESIDE) {
                Path beside = vocabulary.toAbsolutePath().resolveSibling(name);
                if (Files.exists(beside)) {
                    copyFile(beside, folder.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new TokenizerException(
                    "the tokenizer of " + vocabulary + " cannot be written to " + folder + ": " + e, e);
        }
    }

    private static void copyFile(Path from, Path to) throws IOException {
        if (!Files.exists(to) || !Files.isSameFile(from, to)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static TokenizerConfig config(Path vocabulary) {
        Path folder = vocabulary.toAbsolutePath().getParent();
        Path file = folder == null ? Path.of("tokenizer_config.json") : folder.resolve("tokenizer_config.json");
        Map<String, @Nullable Object> values =
                new LinkedHashMap<>(Files.exists(file) ? ModelConfig.read(file) : Map.of());
        Path older = file.resolveSibling("special_tokens_map.json");
        if (Files.exists(older)) {
            ModelConfig.read(older).forEach(values::putIfAbsent);
        }
        Map<String, Long> added = new LinkedHashMap<>();
        String padToken = readVocabulary(vocabulary, added);
        Map<String, String> special = new LinkedHashMap<>();
        for (String role : ROLES) {
            String token = content(values.get(role));
            if (token != null) {
                special.put(role, token);
            }
        }
        if (padToken != null) {
            special.putIfAbsent("pad_token", padToken);
        }
        return new TokenizerConfig(
                special,
                added,
                maxLength(values.get("model_max_length")),
                side(file, values, "padding_side"),
                side(file, values, "truncation_side"),
                givesTypes(values),
                Boolean.TRUE.equals(values.get("clean_up_tokenization_spaces")),
                templates(file, values));
    }

    /** Adds the tokens that are not cut to a map, and returns the one that pads, or null if the file does not say it. */
    private static @Nullable String readVocabulary(Path file, Map<String, Long> added) {
        String padToken = null;
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new TokenizerException(file + " is not a JSON object, so that it is no tokenizer");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("added_tokens") && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        Map<String, String> token = scalars(parser);
                        added.put(token.getOrDefault("content", ""), Long.valueOf(token.getOrDefault("id", "0")));
                    }
                } else if (name.equals("padding") && parser.currentToken() == JsonToken.START_OBJECT) {
                    padToken = scalars(parser).get("pad_token");
                } else {
                    parser.skipChildren();
                }
            }
            return padToken;
        } catch (IOException | NumberFormatException e) {
            throw new TokenizerException(file + " cannot be read as a tokenizer: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> scalars(JsonParser parser) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken().isScalarValue()) {
                values.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return values;
    }

    /** Returns a token: a text, or the content of an object. */
    private static @Nullable String content(@Nullable Object token) {
        return token instanceof String text
                ? text
                : token instanceof Map<?, ?> map && map.get("content") instanceof String text ? text : null;
    }

    /** Returns a greatest length; very great numbers stand for none. */
    private static @Nullable Integer maxLength(@Nullable Object value) {
        return value instanceof Number number && number.doubleValue() >= 1 && number.doubleValue() < 1e9
                ? (Integer) number.intValue()
                : null;
    }

    /** Returns what the file says; if it says nothing, what the class of the tokenizer does in Python. */
    private static boolean givesTypes(Map<String, @Nullable Object> values) {
        if (values.get("model_input_names") instanceof List<?> names) {
            return names.contains("token_type_ids");
        }
        return values.get("tokenizer_class") instanceof String name && name.startsWith("BertTokenizer");
    }

    private static PaddingSide side(Path file, Map<String, @Nullable Object> values, String key) {
        Object side = values.get(key);
        if (side == null || side.equals("right")) {
            return PaddingSide.RIGHT;
        }
        if (side.equals("left")) {
            return PaddingSide.LEFT;
        }
        throw new TokenizerException(file + " has " + key + " = " + side + ", but it must be left or right");
    }

    private static Map<String, String> templates(Path file, Map<String, @Nullable Object> values) {
        Map<String, String> templates = new LinkedHashMap<>();
        Object inside = values.get(CHAT_TEMPLATE);
        if (inside instanceof String text) {
            templates.put("default", text);
        } else if (inside instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> map
                        && map.get("name") instanceof String name
                        && map.get("template") instanceof String text) {
                    templates.put(name, text);
                }
            }
        }
        Path own = file.resolveSibling(CHAT_TEMPLATE + ".jinja");
        if (Files.exists(own)) {
            try {
                templates.put("default", Files.readString(own));
            } catch (IOException e) {
                throw new TokenizerException(own + " cannot be read: " + e.getMessage(), e);
            }
        }
        return templates;
    }
}
