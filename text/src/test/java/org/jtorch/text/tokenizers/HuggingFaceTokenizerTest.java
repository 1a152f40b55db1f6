package org.jtorch.text.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jtorch.Device;
import org.jtorch.text.Recorded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceTokenizerTest {

    private static final List<String> NAMES = List.of("wordpiece", "byte_level", "unigram", "byte_fallback");

    static Stream<String> names() {
        return NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodesAsPython(String name) {
        List<JsonNode> rows = Recorded.lines("tokenizers/" + name + "/recorded.json");
        assertTrue(rows.size() > 50);
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/" + name))) {
            for (JsonNode row : rows) {
                JsonNode options = row.get("options");
                EncodeOptions encoding = new EncodeOptions(
                        options.path("add_special_tokens").asBoolean(true),
                        options.has("max_length")
                                ? (Integer) options.get("max_length").asInt()
                                : null);
                String text = row.get("text").asText();
                String pair = row.get("pair").isNull() ? null : row.get("pair").asText();
                Tokens tokens = tokenizer.encode(text, pair, encoding);
                String of = row.toString();
                if (isSharedOddly(tokenizer, row, tokens)) {
                    assertEquals(row.get("ids").size(), tokens.size(), of);
                    continue;
                }
                assertEquals(Recorded.longs(row.get("ids")), list(tokens.ids()), of);
                assertEquals(Recorded.longs(row.get("types")), list(tokens.typeIds()), of);
                assertEquals(Recorded.longs(row.get("sequences")), list(tokens.sequences()), of);
                assertEquals(Recorded.texts(row.get("tokens")), tokens.texts(), of);
                for (int i = 0; i < tokens.size(); i++) {
                    assertEquals(row.get("special").get(i).asInt() != 0, tokens.isSpecial(i), of);
                    assertEquals(offset(row, i), tokens.offsets().get(i), of + " at " + i);
                }
                assertEquals(row.get("decoded").asText(), tokenizer.decode(tokens.ids(), false), of);
                assertEquals(row.get("without_special").asText(), tokenizer.decode(tokens.ids()), of);
            }
        }
    }

    /** Returns whether both of two texts are cut, and together to an odd number of tokens: Python's versions differ there. */
    private static boolean isSharedOddly(Tokenizer tokenizer, JsonNode row, Tokens tokens) {
        if (row.get("pair").isNull() || !tokens.isTruncated()) {
            return false;
        }
        long[] all = tokenizer
                .encode(row.get("text").asText(), row.get("pair").asText())
                .sequences();
        long[] kept = tokens.sequences();
        return count(kept, 0) < count(all, 0)
                && count(kept, 1) < count(all, 1)
                && (count(kept, 0) + count(kept, 1)) % 2 == 1;
    }

    private static long count(long[] sequences, int sequence) {
        return Arrays.stream(sequences).filter(each -> each == sequence).count();
    }

    /** Python counts code points, and Java {@code char}s. */
    private static Offset offset(JsonNode row, int index) {
        long sequence = row.get("sequences").get(index).asLong();
        if (sequence < 0) {
            return Offset.NONE;
        }
        String text = row.get(sequence == 0 ? "text" : "pair").asText();
        JsonNode pair = row.get("offsets").get(index);
        return new Offset(
                text.offsetByCodePoints(0, pair.get(0).asInt()),
                text.offsetByCodePoints(0, pair.get(1).asInt()));
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodesManyAsEach(String name) {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/" + name))) {
            List<String> texts = List.of("The whale", "", "a much longer text 😀", "x");
            EncodeOptions options = EncodeOptions.DEFAULTS.withMaxLength(6);
            List<Tokens> all = tokenizer.encodeAll(texts, options);
            assertEquals(
                    texts.stream()
                            .map(text -> tokenizer.encode(text, null, options))
                            .toList(),
                    all);
            assertEquals(List.of(), tokenizer.encodeAll(List.of(), options));
        }
    }

    @Test
    void readsTheConfiguration() {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/byte_level"))) {
            TokenizerConfig config = tokenizer.config();
            assertEquals(3L, config.id("eos_token"));
            assertEquals(0L, config.padTokenIdOrZero());
            assertEquals(PaddingSide.LEFT, config.paddingSide());
            assertEquals(PaddingSide.LEFT, config.truncationSide());
            assertEquals(null, config.modelMaxLength());
            assertEquals(null, config.id("cls_token"));
            assertTrue(config.chatTemplates().get("default").contains("<|im_start|>"));
        }
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/wordpiece/tokenizer.json"))) {
            assertEquals(64, tokenizer.config().modelMaxLength());
        }
    }

    @Test
    void padsBatchesOnTheSideThatTheFolderSays() {
        Tokens longer = tokens(5, 6, 7);
        Tokens shorter = tokens(8);
        TokenBatch left = TokenBatch.of(List.of(longer, shorter), 9, PaddingSide.LEFT, Device.CPU);
        assertEquals("[5, 6, 7, 9, 9, 8]", Arrays.toString(left.inputIds().toLongArray()));
        assertEquals("[1, 1, 1, 0, 0, 1]", Arrays.toString(left.attentionMask().toLongArray()));
        TokenBatch right = TokenBatch.of(List.of(longer, shorter), 9, PaddingSide.RIGHT, Device.CPU);
        assertEquals("[5, 6, 7, 8, 9, 9]", Arrays.toString(right.inputIds().toLongArray()));
        assertEquals("[1, 1, 1, 1, 0, 0]", Arrays.toString(right.attentionMask().toLongArray()));
        assertEquals("[2, 3]", Arrays.toString(right.tokenTypeIds().shape()));
        Exception none = assertThrows(
                IllegalArgumentException.class, () -> TokenBatch.of(List.of(), 0, PaddingSide.LEFT, Device.CPU));
        assertTrue(none.getMessage().contains("there are 0 texts"), none.getMessage());
    }

    private static Tokens tokens(long... ids) {
        List<String> texts = Arrays.stream(ids).mapToObj(Long::toString).toList();
        List<Offset> offsets = Arrays.stream(ids).mapToObj(id -> Offset.NONE).toList();
        return new Tokens(
                ids, new long[ids.length], new long[ids.length], texts, offsets, new boolean[ids.length], false);
    }

    @Test
    void saysWhatIsCut() {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/wordpiece"))) {
            EncodeOptions short5 = EncodeOptions.DEFAULTS.withMaxLength(5);
            assertTrue(tokenizer
                    .encode("one two three four five six", null, short5)
                    .isTruncated());
            assertTrue(!tokenizer.encode("a", null, short5).isTruncated());
            Exception small = assertThrows(
                    TokenizerException.class,
                    () -> tokenizer.encode("one two three", null, EncodeOptions.DEFAULTS.withMaxLength(1)));
            assertTrue(small.getMessage().contains("maxLength is 1"), small.getMessage());
            assertThrows(IllegalArgumentException.class, () -> EncodeOptions.DEFAULTS.withMaxLength(0));
        }
    }

    @Test
    void refusesMissingFiles(@TempDir Path folder) {
        Exception missing = assertThrows(TokenizerException.class, () -> HuggingFaceTokenizer.load(folder));
        assertTrue(missing.getMessage().contains("tokenizer.json does not exist"), missing.getMessage());
        assertTrue(missing.getMessage().contains("save_pretrained"), missing.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{}", "{\"model\": 3}", "{\"added_tokens\": [{\"id\": \"x\"}]}", "\u0000"
            })
    void refusesDamagedFiles(String content, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), content);
        Exception damaged = assertThrows(TokenizerException.class, () -> HuggingFaceTokenizer.load(folder));
        assertTrue(damaged.getMessage().contains("tokenizer.json"), damaged.getMessage());
    }

    @Test
    void refusesWrongSides(@TempDir Path folder) throws IOException {
        Files.copy(Recorded.path("tokenizers/wordpiece/tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"padding_side\": \"top\"}");
        Exception wrong = assertThrows(TokenizerException.class, () -> HuggingFaceTokenizer.load(folder));
        assertTrue(wrong.getMessage().contains("padding_side = top"), wrong.getMessage());
    }

    @Test
    void keepsTheOffsetsOfHalfSurrogatePairs() {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/byte_level"))) {
            for (String half : List.of("\uD83D", "\uDE00")) {
                Tokens expected = tokenizer.encode("a\uFFFDb", "\uFFFD", EncodeOptions.DEFAULTS);
                assertEquals(expected, tokenizer.encode("a" + half + "b", half, EncodeOptions.DEFAULTS));
                assertEquals(
                        tokenizer.encode("a\uFFFDb"),
                        tokenizer
                                .encodeAll(List.of("a" + half + "b"), EncodeOptions.DEFAULTS)
                                .get(0));
            }
        }
    }

    @Test
    void refusesNumbersThatAreNoTokens() {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/wordpiece"))) {
            for (long id : new long[] {-1, (1L << 32) + 5}) {
                Exception wrong = assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(5, id));
                assertTrue(wrong.getMessage().contains("the number " + id), wrong.getMessage());
            }
        }
    }

    /** Without a lock, the process ends here. */
    @Test
    void closesWhileOtherThreadsUseIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int i = 0; i < 20; i++) {
                Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/wordpiece"));
                List<Future<Tokens>> users = new ArrayList<>();
                for (int j = 0; j < 4; j++) {
                    users.add(threads.submit(() -> {
                        while (true) {
                            tokenizer.encode("the whale and the ship");
                        }
                    }));
                }
                Thread.sleep(10);
                tokenizer.close();
                tokenizer.close();
                for (Future<Tokens> user : users) {
                    Exception closed = assertThrows(ExecutionException.class, () -> user.get(20, TimeUnit.SECONDS));
                    assertInstanceOf(IllegalStateException.class, closed.getCause());
                }
                assertThrows(IllegalStateException.class, () -> tokenizer.decode(5));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Long> list(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
