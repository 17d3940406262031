using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lb.Actors.Tests;

public class SocketProberTests
{
    private static readonly HealthCheck.HttpGet Get = new("/health?x=1", "web.example", [200, 204]);

    [Fact]
    public async Task A_listener_accepts_the_connection() =>
        Assert.True((await ProbeAsync(new HealthCheck.TcpConnect(), string.Empty)).Success);

    [Fact]
    public async Task A_closed_port_is_refused()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint target = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        ProbeResult result = await new SocketProber().ProbeAsync(target, new HealthCheck.TcpConnect(), default);
        Assert.Equal(new ProbeResult(false, "connection refused"), result);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", true, "status 200")]
    [InlineData("HTTP/1.0 204 No Content\r\n\r\n", true, "status 204")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n", false, "status 503")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", false, "status 2000")]
    [InlineData("SSH-2.0-server\r\n", false, "no HTTP status line")]
    [InlineData("HTTP/1.1 OK\r\n", false, "no HTTP status line")]
    [InlineData("", false, "closed before a status line")]
    public async Task An_answer_is_judged_by_its_status(string answer, bool success, string detail) =>
        Assert.Equal(new ProbeResult(success, detail), await ProbeAsync(Get, answer));

    [Fact]
    public async Task An_endless_line_is_no_answer() =>
        Assert.Equal("no HTTP status line", (await ProbeAsync(Get, new string('x', 5000))).Detail);

    [Fact]
    public async Task The_request_carries_path_and_host()
    {
        List<string> requests = [];
        await ProbeAsync(Get, "HTTP/1.1 200 OK\r\n\r\n", requests);
        Assert.StartsWith("GET /health?x=1 HTTP/1.1\r\nHost: web.example\r\n", requests.Single());
    }

    [Fact]
    public async Task A_silent_server_is_given_up_when_the_time_is_over()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource timeout = new(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SocketProber().ProbeAsync((IPEndPoint)listener.LocalEndpoint, Get, timeout.Token));
    }

    private static async Task<ProbeResult> ProbeAsync(
        HealthCheck check, string answer, List<string>? requests = null)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task server = ServeAsync(listener, check is HealthCheck.HttpGet, answer, requests);
        ProbeResult result =
            await new SocketProber().ProbeAsync((IPEndPoint)listener.LocalEndpoint, check, default);
        await server;
        return result;
    }

    private static async Task ServeAsync(TcpListener listener, bool reads, string answer, List<string>? requests)
    {
        using Socket client = await listener.AcceptSocketAsync();
        byte[] buffer = new byte[1024];
        if (!reads)
        {
            return;
        }

        int length = await client.ReceiveAsync(buffer);
        requests?.Add(Encoding.ASCII.GetString(buffer, 0, length));
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        client.Shutdown(SocketShutdown.Send);
    }
}
