package org.jtorch.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.text.TextGenerator;

/**
 * LangChain4j's {@code StreamingChatModel} on a {@link TextGenerator}. Tools, images, penalties and formats other than text are
 * refused. A failure, also of the handler, is given to the handler's {@code onError}.
 *
 * <pre>{@code
 * StreamingChatModel model = new JtorchStreamingChatModel(TextGenerator.load(Path.of("Qwen2.5-0.5B-Instruct")));
 * }</pre>
 */
public final class JtorchStreamingChatModel implements StreamingChatModel {

    private final TextGenerator generator;
    private final Consumer<? super GenerationOptions> options;
    private final Executor executor;

    /** Creates a model that uses a generator, which its owner closes, and a new thread for each answer. */
    public JtorchStreamingChatModel(TextGenerator generator) {
        this(generator, o -> {}, JtorchStreamingChatModel::inNewThread);
    }

    /**
     * Creates a model that uses a generator, which its owner closes.
     *
     * @param generator the generator
     * @param options sets what a request does not say
     * @param executor runs the generation of an answer, and calls the handler
     */
    public JtorchStreamingChatModel(
            TextGenerator generator, Consumer<? super GenerationOptions> options, Executor executor) {
        this.generator = generator;
        this.options = options;
        this.executor = executor;
    }

    private static void inNewThread(Runnable task) {
        Thread thread = new Thread(task, "jtorch-chat");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        executor.execute(() -> answer(request, handler));
    }

    private void answer(ChatRequest request, StreamingChatResponseHandler handler) {
        try {
            handler.onCompleteResponse(ChatRequests.response(generator.chat(
                    ChatRequests.messages(request),
                    o -> {
                        options.accept(o);
                        ChatRequests.apply(request, o);
                    },
                    handler::onPartialResponse)));
        } catch (RuntimeException | Error e) { // the handler is told, since nobody else waits for this thread
            handler.onError(e);
        }
    }
}
