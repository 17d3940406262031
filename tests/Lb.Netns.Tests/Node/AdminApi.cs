using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Netns.Tests.Doctor;
using Lb.Testing;

namespace Lb.Netns.Tests.Node;

/// <summary>lbd's HTTP API on the loopback of its namespace.</summary>
internal sealed class AdminApi(TestNamespace host) : IDisposable
{
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 9110);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(host, stop) })
    {
        BaseAddress = new Uri($"http://{Address}"),
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The services; null while nobody answers.</summary>
    public ServicesAnswer? TryServices() => TryGet<ServicesAnswer>("/api/v1/services");

    /// <summary>The services.</summary>
    public ServicesAnswer Services() => TryServices() ?? throw new InvalidOperationException("The API does not answer.");

    /// <summary>The node; null while nobody answers.</summary>
    public NodeAnswer? TryNode() => TryGet<NodeAnswer>("/api/v1/node");

    /// <summary>What a scrape gets.</summary>
    public MetricsAnswer Metrics() =>
        new(_http.GetStringAsync(new Uri("/metrics", UriKind.Relative)).GetAwaiter().GetResult());

    /// <summary>What the node finds on its host.</summary>
    public Checkup Doctor() =>
        TryGet<Checkup>("/api/v1/doctor") ?? throw new InvalidOperationException("The API does not answer.");

    /// <summary>Gives a command as pbm does; its data.</summary>
    public JsonElement Run(string palette, string command, params (string Name, string Value)[] arguments)
    {
        using HttpResponseMessage response = _http.PostAsJsonAsync(
            $"/api/v1/palettes/{palette}/{command}",
            new { arguments = arguments.ToDictionary(a => a.Name, a => new[] { a.Value }) }).GetAwaiter().GetResult();
        string body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        Assert.True(response.IsSuccessStatusCode, $"{palette} {command}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("data");
    }

    /// <summary>State of a backend of the first service; null while it is not known.</summary>
    public string? StateOf(string backend) =>
        TryServices() is { Services: [var first, ..] }
            ? first.Backends.FirstOrDefault(b => b.Name == backend)?.State
            : null;

    /// <summary>What the tables of all services are.</summary>
    public string Digests() => string.Join(' ', Services().Services.Select(s => $"{s.Name}:{s.Slots}:{s.Digest}"));

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(TestNamespace host, CancellationToken stop)
    {
        Socket socket = host.Invoke(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(Address, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private T? TryGet<T>(string path)
        where T : class
    {
        try
        {
            return _http.GetFromJsonAsync<T>(path, JsonSerializerOptions.Web).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }
}
