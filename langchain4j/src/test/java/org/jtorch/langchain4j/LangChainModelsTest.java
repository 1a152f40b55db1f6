package org.jtorch.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.FinishReason;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jtorch.text.TextEmbedder;
import org.jtorch.text.TextGenerator;
import org.jtorch.text.chat.ChatMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LangChainModelsTest {

    private static final Path FOLDERS = Path.of("../text/src/test/resources");

    private static final TextGenerator GENERATOR = TextGenerator.load(FOLDERS.resolve("generator"));

    @AfterAll
    static void close() {
        GENERATOR.close();
    }

    @Test
    void embeds() {
        try (TextEmbedder embedder = TextEmbedder.load(FOLDERS.resolve("embedder"))) {
            EmbeddingModel model = new JtorchEmbeddingModel(embedder);
            assertEquals(16, model.dimension());
            List<String> texts = List.of("The whale", "a ship");
            var all = model.embedAll(texts.stream().map(TextSegment::from).toList())
                    .content();
            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(embedder.embedAll(texts).get(i), all.get(i).vector());
            }
            assertArrayEquals(embedder.embed("x"), model.embed("x").content().vector());
        }
    }

    @Test
    void answers() {
        ChatModel model = new JtorchChatModel(GENERATOR);
        ChatResponse response = model.chat(UserMessage.from("Hello"));
        var expected = GENERATOR.chat(List.of(ChatMessage.user("Hello")), o -> {});
        assertEquals(expected.text(), response.aiMessage().text());
        assertEquals(expected.promptTokens(), response.tokenUsage().inputTokenCount());
        assertEquals(expected.tokens().size(), response.tokenUsage().outputTokenCount());
    }

    @Test
    void takesTheOptionsOfARequest() {
        ChatModel model = new JtorchChatModel(GENERATOR, o -> o.maxNewTokens(9));
        ChatRequest three = ChatRequest.builder()
                .messages(SystemMessage.from("s"), UserMessage.from("a"), AiMessage.from("b"), UserMessage.from("c"))
                .maxOutputTokens(3)
                .temperature(0.0)
                .build();
        ChatResponse response = model.chat(three);
        assertEquals(3, response.tokenUsage().outputTokenCount());
        assertEquals(FinishReason.LENGTH, response.finishReason());
        var messages = List.of(
                ChatMessage.system("s"), ChatMessage.user("a"), ChatMessage.assistant("b"), ChatMessage.user("c"));
        String whole = GENERATOR.chat(messages, o -> o.maxNewTokens(9)).text();
        String stop = whole.substring(2, 4);
        ChatResponse stopped = model.chat(three.toBuilder()
                .maxOutputTokens(9)
                .stopSequences(List.of(stop))
                .build());
        assertEquals(
                whole.substring(0, whole.indexOf(stop)), stopped.aiMessage().text());
        assertEquals(FinishReason.STOP, stopped.finishReason());
    }

    @Test
    void streams() throws Exception {
        StreamingChatModel model = new JtorchStreamingChatModel(GENERATOR);
        Heard heard = new Heard();
        model.chat("Hello", heard);
        ChatResponse response = heard.end.get(60, TimeUnit.SECONDS);
        assertEquals(GENERATOR.chat(List.of(ChatMessage.user("Hello")), o -> {}).text(), heard.pieces.toString());
        assertEquals(heard.pieces.toString(), response.aiMessage().text());
    }

    @Test
    void tellsTheHandlerOfFailures() {
        StreamingChatModel model = new JtorchStreamingChatModel(GENERATOR, o -> {}, Runnable::run);
        Heard heard = new Heard();
        model.chat(List.of(UserMessage.from(ImageContent.from("http://localhost/x.png"))), heard);
        Exception failure = assertThrows(Exception.class, () -> heard.end.get(1, TimeUnit.SECONDS));
        assertInstanceOf(UnsupportedFeatureException.class, failure.getCause());
    }

    @Test
    void tellsTheHandlerOfItsOwnFailures() {
        StreamingChatModel model = new JtorchStreamingChatModel(GENERATOR, o -> {}, Runnable::run);
        for (boolean isAtEnd : List.of(true, false)) {
            Heard heard = new Heard() {
                @Override
                public void onPartialResponse(String piece) {
                    fail(!isAtEnd);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    fail(isAtEnd);
                }
            };
            model.chat("Hello", heard);
            Exception failure = assertThrows(Exception.class, () -> heard.end.get(1, TimeUnit.SECONDS));
            assertEquals("of the handler", failure.getCause().getMessage());
        }
    }

    private static void fail(boolean fails) {
        if (fails) {
            throw new IllegalStateException("of the handler");
        }
    }

    @Test
    void refusesWhatIsNotComputed() {
        ChatModel model = new JtorchChatModel(GENERATOR);
        ChatRequest.Builder request = ChatRequest.builder().messages(UserMessage.from("x"));
        Exception penalty = assertThrows(
                UnsupportedFeatureException.class,
                () -> model.chat(request.frequencyPenalty(0.5).build()));
        assertTrue(penalty.getMessage().contains("frequencyPenalty is 0.5"), penalty.getMessage());
        ToolSpecification tool = ToolSpecification.builder().name("weather").build();
        assertThrows(
                UnsupportedFeatureException.class,
                () -> model.chat(ChatRequest.builder()
                        .messages(UserMessage.from("x"))
                        .toolSpecifications(tool)
                        .build()));
    }

    private static class Heard implements StreamingChatResponseHandler {
        final StringBuilder pieces = new StringBuilder();
        final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            pieces.append(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }
}
