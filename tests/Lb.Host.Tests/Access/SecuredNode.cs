using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Configuration;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Access;

/// <summary>A node that listens for its host and, with TLS, for others; its kernel is in memory, all else is real.</summary>
internal sealed class SecuredNode : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;
    private readonly ILoggerFactory _loggers;
    private readonly Socket _local = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin");
    private readonly Socket _remote = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin.remote");
    private readonly WebApplication _app;

    private SecuredNode(AccessRole localRole, TimeProvider clock, DirectoryInfo? folder, ILoggerProvider? log)
    {
        _ownsFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("lba-");
        Authority = new TestCertificate(_folder.FullName);
        string file = Path.Combine(_folder.FullName, "site.conf");
        File.WriteAllText(file, $$"""
            lb {
              site = test
              interfaces = [eth0]
              journal.directory = "{{_folder.FullName}}"
              kernel { max-services = 16, max-backends = 64 }
              service-defaults.health.check = none
              services.web { vip = 192.0.2.1, port = 80, backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12 } } }
            }
            """);
        LoadedConfig config = ConfigLoader.LoadFile(file).Config!;
        Certificate = new ServerCertificate(new RemoteOptions(
            (IPEndPoint)_remote.LocalEndPoint!, Authority.CertificateFile, Authority.KeyFile));
        _loggers = LoggerFactory.Create(logging =>
        {
            if (log is not null)
            {
                logging.AddProvider(log);
            }
        });
        ImmutableArray<ApiListener> listeners =
            [new ApiListener(_local, localRole), new ApiListener(_remote, AccessRole.None, Certificate)];
        _app = NodeHost.Build(listeners, _loggers, host => host
            .AddSingleton(clock)
            .AddSingleton<IDatapath>(new FakeDatapath())
            .AddSingleton<INeighbours>(new FakeNeighbours())
            .AddLbNode(config, file));
        NodeState state = _app.Services.GetRequiredService<NodeState>();
        state.File = file;
        state.Config = config;
        Local = new HttpClient { BaseAddress = new Uri($"http://{_local.LocalEndPoint}") };
    }

    public TestCertificate Authority { get; }

    public ServerCertificate Certificate { get; }

    /// <summary>Speaks with the listener of the host's own users, without a token.</summary>
    public HttpClient Local { get; }

    public IPEndPoint LocalAddress => (IPEndPoint)_local.LocalEndPoint!;

    public IPEndPoint RemoteAddress => (IPEndPoint)_remote.LocalEndPoint!;

    public DirectoryInfo Folder => _folder;

    public SiteClient Site => _app.Services.GetRequiredService<SiteClient>();

    public static async Task<SecuredNode> StartAsync(
        AccessRole localRole = AccessRole.Admin,
        TimeProvider? clock = null,
        DirectoryInfo? folder = null,
        ILoggerProvider? log = null)
    {
        SecuredNode node = new(localRole, clock ?? TimeProvider.System, folder, log);
        await node._app.StartAsync();
        Wait.Until(
            () => SiteClient.IsSettled(node.Site.GetServicesAsync().GetAwaiter().GetResult()),
            "the site is settled",
            TimeSpan.FromSeconds(30));
        node._app.Services.GetRequiredService<NodeState>().Started = true;
        return node;
    }

    /// <summary>Somebody from elsewhere, with a token or without, who believes the node's authority alone.</summary>
    public HttpClient Remote(string? token)
    {
        SocketsHttpHandler handler = new()
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Authority.AuthorityFile);
        HttpClient http = new(handler) { BaseAddress = new Uri($"https://{RemoteAddress}") };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }

    /// <summary>Makes a token as this host's admin; the token.</summary>
    public async Task<string> AddTokenAsync(string name, string role, params string[] more)
    {
        (HttpStatusCode status, JsonElement answer) =
            await RunAsync(Local, "token add", ["name", name, "role", role, .. more]);
        Assert.True(status == HttpStatusCode.OK, $"{answer}");
        return answer.GetProperty("data").GetProperty("token").GetString()!;
    }

    /// <summary>Gives a command. Arguments are names and values in turn.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Answer)> RunAsync(
        HttpClient http, string command, params string[] arguments)
    {
        Dictionary<string, string[]> values = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => new[] { pair[1] });
        using HttpResponseMessage response = await http.PostAsJsonAsync(
            $"/api/v1/palettes/{command.Replace(' ', '/')}", new { arguments = values });
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async ValueTask DisposeAsync()
    {
        Local.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _local.Dispose();
        _remote.Dispose();
        _loggers.Dispose();
        Authority.Dispose();
        SqliteConnection.ClearAllPools();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }
}
