package io.jvswitch.ovsdb.client;

/** How a transaction ended. */
public enum TransactionStatus {
    /** It is in the database. */
    SUCCESS,
    /** It had nothing to do, and was not sent. */
    UNCHANGED,
    /**
     * It was not carried out, but may be when it is made anew of what the database has by then: a {@code wait} was in
     * vain, or there was no server.
     */
    TRY_AGAIN,
    /** It was not carried out, as another client has the lock. */
    NOT_LOCKED,
    /** The connection ended before the answer: nobody knows whether it was carried out. The contents will tell. */
    CONNECTION_LOST,
    /** The server refused it; the same again would be refused again. */
    ERROR
}
