using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Lb.Cluster.Certificates;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>There is no connection to a peer; the message says why.</summary>
internal sealed class MeshConnectException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it was told of already, better than the message does.</summary>
    public bool IsTold { get; init; }
}

/// <summary>A connection to a peer, on which messages go to it; those from it come by one that it opens.</summary>
internal sealed class MeshConnection : IDisposable
{
    private const int LongestReason = 1024;
    private const string ClosedEarly =
        "it closed the connection before it answered: it may not take this node's certificate, and its log says why";

    private readonly MeshContext _context;
    private readonly string _peer;
    private readonly IPEndPoint _endpoint;
    private readonly NodeCredentials _credentials;
    private readonly HttpMessageInvoker _invoker;
    private CertificateRefusal? _refusal;
    private bool _isKnown;
    private int _attempts;

    public MeshConnection(MeshContext context, string peer, IPEndPoint endpoint)
    {
        _context = context;
        _peer = peer;
        _endpoint = endpoint;
        _credentials = context.Credentials.Current;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = context.Options.ConnectTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = context.Options.KeepAliveDelay,
            KeepAlivePingTimeout = context.Options.KeepAliveTimeout,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = endpoint.Address.ToString(),
                EnabledSslProtocols = SslProtocols.Tls13,
                AllowTlsResume = false,
                ClientCertificateContext = _credentials.Context,
                CertificateChainPolicy = CertificateRules.PolicyOf(_credentials.Authorities, CertificateRules.ServerUse),
                RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsPeer(certificate, chain),
            },
        });
    }

    /// <summary>The certificate that the peer showed.</summary>
    public X509Certificate2? PeerCertificate { get; private set; }

    /// <summary>Opens a stream and sends what a queue holds, from then on at once.</summary>
    /// <exception cref="MeshConnectException">It does not come about.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> said so.</exception>
    public async Task<MeshStream> OpenAsync(string path, FrameQueue queue, CancellationToken stop)
    {
        var life = CancellationTokenSource.CreateLinkedTokenSource(stop);
        HttpResponseMessage? response = null;
        try
        {
            life.CancelAfter(_context.Options.ConnectTimeout);
            var content = new LaneContent(_context, queue, life.Token);
            var request = new HttpRequestMessage(HttpMethod.Post, $"https://{_endpoint}{path}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = content,
            };
            request.Headers.TryAddWithoutValidation(MeshNames.From, _context.Options.Address);
            request.Headers.TryAddWithoutValidation(MeshNames.Versions, $"{_context.Options.Versions}");
            response = await _invoker.SendAsync(request, life.Token);
            var version = await VersionAsync(response, life.Token);
            life.CancelAfter(Timeout.InfiniteTimeSpan);
            content.Start(version);
            return new MeshStream(response, version, life);
        }
        catch (Exception e)
        {
            var isLate = life.IsCancellationRequested;
            await life.CancelAsync();
            response?.Dispose();
            life.Dispose();
            stop.ThrowIfCancellationRequested();
            throw e as MeshConnectException ?? Failure(e, isLate);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _invoker.Dispose();

    /// <summary>Reads what a peer says when it ends a stream.</summary>
    internal static async Task<string> ReadReasonAsync(HttpContent content, CancellationToken stop)
    {
        await using var stream = await content.ReadAsStreamAsync(stop);
        var text = new byte[LongestReason];
        var length = await stream.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, stop);

        // It ends up in a log: no line breaks, nothing that moves a cursor.
        return string.Concat(System.Text.Encoding.UTF8.GetString(text, 0, length).Where(c => !char.IsControl(c)));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        // A client of HTTP opens another one when the first is lost. That is decided elsewhere here.
        if (Interlocked.Exchange(ref _attempts, 1) != 0)
        {
            throw new IOException("the connection is lost");
        }

        var socket = new Socket(_endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // From the node's own address, which is the one that others know and firewalls let through.
            if (_endpoint.AddressFamily == _context.Local.AddressFamily)
            {
                socket.Bind(new IPEndPoint(_context.Local.Address, 0));
            }

            await socket.ConnectAsync(_endpoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsPeer(X509Certificate? certificate, X509Chain? chain)
    {
        PeerCertificate = certificate as X509Certificate2;
        _refusal = CertificateRules.Check(
            PeerCertificate, chain?.ChainPolicy.ExtraStore ?? [], _credentials.Authorities,
            _context.Credentials.Cluster, CertificateRules.ServerUse, _endpoint.Address, _context.Time.GetUtcNow());
        _isKnown = _refusal is null;
        return _isKnown;
    }

    private async Task<int> VersionAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode)
        {
            return int.TryParse(First(response.Headers, MeshNames.Version), out var version)
                && version >= _context.Options.Versions.Lowest && version <= _context.Options.Versions.Highest
                ? version
                : throw new MeshConnectException("it does not say which version of the protocol it speaks");
        }

        if (ProtocolVersions.TryParse(First(response.Headers, MeshNames.Versions), out var theirs)
            && _context.Options.Versions.HighestCommon(theirs) is null)
        {
            _context.Counters.Add(MeshCount.Incompatible);
            _context.Reports.Tell(new MeshReport.Incompatible(_peer, _context.Options.Versions, theirs));
            throw new MeshConnectException("there is no version of the protocol in common") { IsTold = true };
        }

        var reason = await ReadReasonAsync(response.Content, stop);
        throw new MeshConnectException($"it turned this node away ({(int)response.StatusCode}): {reason}");
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private MeshConnectException Failure(Exception e, bool isLate)
    {
        if (_refusal is not null)
        {
            _context.Refuse(_peer, _refusal);
            return new MeshConnectException($"{_refusal}", e) { IsTold = true };
        }

        return new MeshConnectException(
            e switch
            {
                OperationCanceledException when isLate => $"no answer within {_context.Options.ConnectTimeout.TotalSeconds:0.#} s",
                _ when Inner<SocketException>(e) is { SocketErrorCode: SocketError.ConnectionRefused } && !_isKnown =>
                    "nobody listens there by TLS: it does not run, or has no lb.cluster.tls",
                _ when _isKnown && e is HttpRequestException or IOException or OperationCanceledException =>
                    ClosedEarly,
                _ => (Inner<SocketException>(e) ?? Inner<AuthenticationException>(e) ?? e).Message.TrimEnd('.'),
            },
            e);
    }

    private static T? Inner<T>(Exception? e)
        where T : Exception
    {
        while (e is not null and not T)
        {
            e = e.InnerException;
        }

        return e as T;
    }
}

/// <summary>A stream on a connection that frames go on.</summary>
internal sealed class MeshStream(HttpResponseMessage response, int version, CancellationTokenSource life) : IDisposable
{
    /// <summary>The version that is spoken on it.</summary>
    public int Version => version;

    /// <summary>Waits for its end, and says why it ended.</summary>
    public async Task<string> WaitForEndAsync()
    {
        try
        {
            var reason = await MeshConnection.ReadReasonAsync(response.Content, life.Token);
            return reason.Length > 0 ? $"it ended the stream: {reason}" : "it ended the stream";
        }
        catch (OperationCanceledException)
        {
            return "it is not needed any more";
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        life.Cancel();
        response.Dispose();
        life.Dispose();
    }
}
