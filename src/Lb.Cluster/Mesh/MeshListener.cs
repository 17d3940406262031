using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Lb.Cluster.Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Cluster.Mesh;

/// <summary>Where other nodes connect to: TLS 1.3 with a certificate of the cluster, HTTP/2 and nothing else.</summary>
internal sealed class MeshListener : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(1);

    private readonly MeshContext _context;
    private readonly RequestDelegate _handle;
    private readonly ServiceProvider _services;
    private readonly IServer _server;

    public MeshListener(MeshContext context, RequestDelegate handle)
    {
        _context = context;
        _handle = handle;

        // Of the host only the server: neither its life by signals nor its log is wanted here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore()
            .UseSockets(sockets => sockets.CreateBoundListenSocket = Bind)
            .ConfigureKestrel(Configure);
        _services = builder.Services.AddLogging().BuildServiceProvider();
        _server = _services.GetRequiredService<IServer>();
    }

    /// <summary>Listens from now on.</summary>
    public Task StartAsync() => _server.StartAsync(this, CancellationToken.None);

    /// <summary>The certificate that a connection came with; null when it came with none.</summary>
    public static X509Certificate2? CertificateOf(HttpContext http) =>
        http.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(EndTime);
        await _server.StopAsync(patience.Token);
        await _services.DisposeAsync();
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures);

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context) => _handle(context);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing of it is kept.
    }

    /// <summary>Binds the address, also while a process that ends still has it, as when one takes another's place.</summary>
    private static Socket Bind(EndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Configure(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.Limits.MaxConcurrentConnections = _context.Options.MostConnections;
        server.Limits.RequestHeadersTimeout = _context.Options.ConnectTimeout;
        server.Limits.MaxRequestHeadersTotalSize = 4096;
        server.Limits.Http2.MaxStreamsPerConnection = 8;
        server.Limits.Http2.HeaderTableSize = 0;
        server.Limits.Http2.KeepAlivePingDelay = _context.Options.KeepAliveDelay;
        server.Limits.Http2.KeepAlivePingTimeout = _context.Options.KeepAliveTimeout;
        server.Listen(_context.Local, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = _context.Options.ConnectTimeout,
                OnConnection = tls => ValueTask.FromResult(Authentication(tls.Connection)),
            });
        });
    }

    private SslServerAuthenticationOptions Authentication(ConnectionContext connection)
    {
        var credentials = _context.Credentials.Current;
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "somebody";
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = credentials.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            AllowRenegotiation = false,
            CertificateChainPolicy = CertificateRules.PolicyOf(credentials.Authorities, CertificateRules.ClientUse),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                if (CertificateRules.Check(
                    certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], credentials.Authorities,
                    _context.Credentials.Cluster, CertificateRules.ClientUse, host: null, _context.Time.GetUtcNow())
                    is not { } refusal)
                {
                    return true;
                }

                _context.Refuse(peer, refusal);
                return false;
            },
        };
    }
}
