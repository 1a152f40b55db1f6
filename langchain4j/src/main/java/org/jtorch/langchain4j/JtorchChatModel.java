package org.jtorch.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.function.Consumer;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.text.TextGenerator;

/**
 * LangChain4j's {@code ChatModel} on a {@link TextGenerator}. Tools, images, penalties and formats other than text are refused.
 */
public final class JtorchChatModel implements ChatModel {

    private final TextGenerator generator;
    private final Consumer<? super GenerationOptions> options;

    /** Creates a model that uses a generator, which its owner closes, with the options of its folder. */
    public JtorchChatModel(TextGenerator generator) {
        this(generator, o -> {});
    }

    /**
     * Creates a model that uses a generator, which its owner closes.
     *
     * @param generator the generator
     * @param options sets what a request does not say
     */
    public JtorchChatModel(TextGenerator generator, Consumer<? super GenerationOptions> options) {
        this.generator = generator;
        this.options = options;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return ChatRequests.response(generator.chat(ChatRequests.messages(request), o -> {
            options.accept(o);
            ChatRequests.apply(request, o);
        }));
    }
}
