using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Talks to the API of a node in another network namespace, without a process for each question.</summary>
internal sealed class ClusterClient : IDisposable
{
    private readonly HttpClient _http;

    public ClusterClient(TestNamespace net)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A process that was killed is not to be asked by a connection of before.
            PooledConnectionLifetime = TimeSpan.FromSeconds(1),
            ConnectCallback = (_, _) => ValueTask.FromResult(net.Invoke<Stream>(() =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Connect(IPAddress.Loopback, 9110);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            })),
        })
        {
            BaseAddress = new Uri("http://127.0.0.1:9110"),
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>Gives a command; arguments are names and values in turn. Status 0: nobody listens, so nothing was asked.</summary>
    /// <exception cref="HttpRequestException">Whether it was carried out is not known.</exception>
    /// <exception cref="TaskCanceledException">The same.</exception>
    public async Task<(int Status, JsonElement Answer)> RunAsync(string command, params string[] arguments)
    {
        var values = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => new[] { pair[1] });
        try
        {
            using HttpResponseMessage response = await _http.PostAsJsonAsync(
                $"/api/v1/palettes/{command.Replace(' ', '/')}", new { arguments = values });
            return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return (0, default);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NotConnected)
        {
            // Reset before anything was written: a connection's address is asked for first, and fails with no other name.
            return (0, default);
        }
    }

    public void Dispose() => _http.Dispose();
}
