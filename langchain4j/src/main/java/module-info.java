/** Models of LangChain4j that run on jtorch. */
module org.jtorch.langchain4j {
    requires transitive langchain4j.core;
    requires transitive org.jtorch.text;

    exports org.jtorch.langchain4j;
}
