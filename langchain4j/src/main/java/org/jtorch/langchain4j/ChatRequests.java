package org.jtorch.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.text.GeneratedText;
import org.jtorch.text.chat.ChatMessage;

/** Requests and responses of LangChain4j as those of jtorch. */
final class ChatRequests {

    private ChatRequests() {}

    static List<ChatMessage> messages(ChatRequest request) {
        return request.messages().stream().map(ChatRequests::message).toList();
    }

    private static ChatMessage message(dev.langchain4j.data.message.ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return ChatMessage.system(system.text());
        }
        if (message instanceof UserMessage user) {
            if (!user.hasSingleText()) {
                throw new UnsupportedFeatureException(
                        "the message of the user has contents that are not one text, such as an image: " + user);
            }
            return ChatMessage.user(user.singleText());
        }
        if (message instanceof AiMessage answer) {
            if (answer.hasToolExecutionRequests()) {
                throw new UnsupportedFeatureException(
                        "a message calls tools, which this model does not know: " + answer);
            }
            return ChatMessage.assistant(answer.text() == null ? "" : answer.text());
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return new ChatMessage("tool", result.text());
        }
        throw new UnsupportedFeatureException("a message is of the type " + message.type() + ", which is not known");
    }

    static void apply(ChatRequest request, GenerationOptions options) {
        refuse("toolSpecifications", request.toolSpecifications());
        refuse("frequencyPenalty", request.frequencyPenalty());
        refuse("presencePenalty", request.presencePenalty());
        refuse("modelName", request.modelName());
        if (request.responseFormat() != null && !request.responseFormat().equals(ResponseFormat.TEXT)) {
            refuse("responseFormat", request.responseFormat());
        }
        if (request.maxOutputTokens() != null) {
            options.maxNewTokens(request.maxOutputTokens());
        }
        if (request.stopSequences() != null && !request.stopSequences().isEmpty()) {
            options.stopStrings(request.stopSequences().toArray(String[]::new));
        }
        Double temperature = request.temperature();
        if (temperature != null && temperature == 0) {
            options.doSample(false);
        } else if (temperature != null || request.topP() != null || request.topK() != null) {
            options.doSample(true);
            if (temperature != null) {
                options.temperature(temperature);
            }
            if (request.topP() != null) {
                options.topP(request.topP());
            }
            if (request.topK() != null) {
                options.topK(request.topK());
            }
        }
    }

    private static void refuse(String name, @Nullable Object value) {
        if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
            throw new UnsupportedFeatureException(
                    name + " is " + value + ", which this model does not support: leave it out");
        }
    }

    static ChatResponse response(GeneratedText text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text.text()))
                .tokenUsage(new TokenUsage(text.promptTokens(), text.tokens().size()))
                .finishReason(
                        switch (text.finishReason()) {
                            case END, STOP_STRING -> FinishReason.STOP;
                            case LENGTH -> FinishReason.LENGTH;
                            case CONDITION -> FinishReason.OTHER;
                        })
                .build();
    }
}
