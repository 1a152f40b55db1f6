/** Models of LangChain4j that run on jtorch. */
@NullMarked
package org.jtorch.langchain4j;

import org.jspecify.annotations.NullMarked;
