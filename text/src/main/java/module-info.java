/** Tokenizers, and models of texts that take and give strings. */
module org.jtorch.text {
    requires transitive org.jtorch.models;
    requires ai.djl.api;
    requires ai.djl.tokenizers;
    requires com.fasterxml.jackson.core;

    exports org.jtorch.text;
    exports org.jtorch.text.chat;
    exports org.jtorch.text.tokenizers;
}
