/** Training and batch inference inside of Apache Spark's jobs. */
@org.jspecify.annotations.NullMarked
package org.jtorch.spark;
