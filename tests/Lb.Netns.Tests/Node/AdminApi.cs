using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Netns.Tests.Node;

/// <summary>lbd's HTTP API on the loopback of its namespace.</summary>
internal sealed class AdminApi(TestNamespace host) : IDisposable
{
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 9110);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                Socket socket = host.Invoke(
                    () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                await socket.ConnectAsync(Address, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
    {
        BaseAddress = new Uri($"http://{Address}"),
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Health of every backend by service and name; empty while the API does not answer.</summary>
    public IReadOnlyDictionary<(string Service, string Backend), string> Health()
    {
        using JsonDocument? services = TryGet("/api/v1/services");
        return services is null
            ? new Dictionary<(string, string), string>()
            : services.RootElement.GetProperty("services").EnumerateArray()
                .SelectMany(s => s.GetProperty("backends").EnumerateArray().Select(b => (
                    Key: (s.GetProperty("name").GetString()!, b.GetProperty("name").GetString()!),
                    Value: b.GetProperty("health").GetString()!)))
                .ToDictionary(p => p.Key, p => p.Value);
    }

    public string HealthOf(string backend) => Health().FirstOrDefault(p => p.Key.Backend == backend).Value;

    public string Digest() => "";

    public long ConfigRevision() => 0;

    public void Dispose() => _http.Dispose();

    private JsonDocument? TryGet(string path)
    {
        try
        {
            return JsonDocument.Parse(_http.GetStringAsync(path).GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }
}
