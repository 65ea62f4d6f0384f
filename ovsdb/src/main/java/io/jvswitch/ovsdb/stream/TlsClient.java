package io.jvswitch.ovsdb.stream;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our side of {@code ssl:} connections: the key, the certificates, and whom to trust. Peers are verified by their chain
 * and not by their name, as Open vSwitch does: the authority signs for nobody else (ovs-pki(8)).
 *
 * <p>Files are read again when they have changed, before each attempt. Any thread.
 */
public final class TlsClient {

    private static final Logger LOG = LoggerFactory.getLogger("ovs.stream_ssl");

    private final TlsOptions options;
    private @Nullable SslContext context;
    private boolean bootstrapping;
    private List<FileTime> read = List.of();

    /** Reads nothing yet. */
    public TlsClient(TlsOptions options) {
        this.options = options;
    }

    /**
     * Reads what has changed.
     *
     * @throws IOException when a file cannot be read or used; the text is for the log of the attempt
     */
    synchronized void refresh() throws IOException {
        List<FileTime> times = new ArrayList<>();
        times.add(time("Private key", options.privateKey()));
        times.add(time("Certificate", options.certificate()));
        Path ca = options.caCertificate();
        boolean known = ca != null && Files.exists(ca);
        if (known) {
            times.add(Files.getLastModifiedTime(ca));
        } else if (!options.bootstrap() || ca == null) {
            throw unavailable("CA certificate must be configured to use SSL");
        }
        if (context != null && times.equals(read)) {
            return;
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols(options.protocols())
                    .endpointIdentificationAlgorithm(null)
                    .keyManager(
                            PemFiles.privateKey(options.privateKey()), PemFiles.certificates(options.certificate()));
            if (known && ca != null) {
                builder.trustManager(PemFiles.certificates(ca));
            } else {
                builder.trustManager(new WhoeverIsFirst());
            }
            context = builder.build();
            bootstrapping = !known;
            read = times;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unavailable("cannot use the files for SSL: " + e.getMessage());
        }
    }

    private static FileTime time(String what, Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            LOG.error("{}: stat failed ({})", file, ErrorText.of(e));
            throw unavailable(what + " must be configured to use SSL");
        }
    }

    private static IOException unavailable(String why) {
        LOG.error("{}", why);
        return new IOException("Protocol not available");
    }

    /** A handler for one connection, after {@link #refresh}. */
    synchronized SslHandler handler(Channel channel, ConnectionMethod method) {
        SslContext current = context;
        if (current == null) {
            throw new IllegalStateException("nothing was read");
        }
        SslHandler handler = method.literalAddress() == null
                ? current.newHandler(channel.alloc(), String.valueOf(method.host()), method.port())
                : current.newHandler(channel.alloc());
        if (bootstrapping) {
            handler.handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    learnAuthority(handler.engine());
                    var _ = channel.close();
                }
            });
        }
        return handler;
    }

    /** Keeps the authority that the first peer presents, and has the connection made anew with it. */
    private void learnAuthority(SSLEngine engine) {
        Path file = options.caCertificate();
        if (file == null) {
            return;
        }
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            X509Certificate last = (X509Certificate) chain[chain.length - 1];
            if (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
                LOG.error("could not bootstrap CA cert: obtained certificate is not self-signed");
                if (chain.length < 2) {
                    LOG.error("only one certificate was received, so probably the peer is not configured to send its"
                            + " CA certificate");
                }
                return;
            }
            Files.writeString(file, PemFiles.text(last), StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
            LOG.info("successfully bootstrapped CA cert to {}", file);
            LOG.info("killing successful connection to retry using CA cert");
        } catch (FileAlreadyExistsException _) {
            LOG.info("reading CA cert {} created by another process", file);
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            LOG.error("could not bootstrap CA cert: no certificate presented by peer");
        } catch (IOException e) {
            LOG.error("could not bootstrap CA cert: creating {} failed: {}", file, ErrorText.of(e));
        }
    }

    /** Trusts the peer that presents the authority's certificate for the first time: bootstrap asks for it. */
    private static final class WhoeverIsFirst extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
