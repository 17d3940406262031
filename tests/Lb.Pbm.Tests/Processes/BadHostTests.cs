using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lb.Pbm.Tests.Processes;

/// <summary>Hosts that are not there, hang, or answer nonsense.</summary>
public sealed class BadHostTests
{
    [Fact]
    public async Task Port_where_nothing_listens_ends_with_3()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        // Bound and not listening: nobody else gets the port while the test runs.
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        (int exitCode, string output, string error) =
            await PbmProcess.RunAsync($"{taken.LocalEndPoint}", "service", "list");
        Assert.Equal((3, ""), (exitCode, output));
        Assert.StartsWith($"pbm: No connection to {taken.LocalEndPoint}: nothing listens there.\nSee whether ", error);
    }

    [Fact]
    public async Task Host_that_takes_the_connection_and_hangs_ends_with_3()
    {
        using TcpListener listener = Listen();
        (int exitCode, _, string error) =
            await PbmProcess.RunAsync("--timeout", "300ms", $"{listener.LocalEndpoint}", "service", "list");
        Assert.Equal(3, exitCode);
        Assert.StartsWith($"pbm: {listener.LocalEndpoint} did not answer within 300 ms.\n", error);
    }

    [Theory]
    [InlineData("service list", "")]
    [InlineData("service remove web", " Whether the command was done is not known.")]
    public async Task Command_that_hangs_ends_with_3(string line, string doubt)
    {
        await using DeclaringHost host = await DeclaringHost.StartAsync();
        host.Hang("service/list");
        host.Hang("service/remove");
        (int exitCode, _, string error) =
            await PbmProcess.RunAsync([host.Address, .. line.Split(' '), "--timeout", "500ms"]);
        Assert.Equal(3, exitCode);
        Assert.StartsWith($"pbm: {host.Address} did not answer within 500 ms.{doubt}\n", error);
    }

    [Fact]
    public async Task Host_that_dies_while_it_works_ends_with_3()
    {
        await using DeclaringHost host = await DeclaringHost.StartAsync();
        host.Answer("service/remove", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        (int exitCode, _, string error) = await PbmProcess.RunAsync(host.Address, "service", "remove", "web");
        Assert.Equal(3, exitCode);
        Assert.StartsWith(
            $"pbm: The connection to {host.Address} was lost before it had answered. Whether the command was done ",
            error);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_10.0\r\n")]
    [InlineData("\0\u0001\u0002\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    public async Task Something_else_on_the_port_ends_with_1(string answer)
    {
        using TcpListener listener = Listen();
        Task serving = ServeAsync(listener, answer);
        (int exitCode, string output, string error) =
            await PbmProcess.RunAsync($"{listener.LocalEndpoint}", "service", "list");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"pbm: {listener.LocalEndpoint} answer", error);
        await serving;
    }

    [Fact]
    public async Task Host_without_palettes_ends_with_1()
    {
        using TcpListener listener = Listen();
        Task serving = ServeAsync(listener, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        (int exitCode, _, string error) = await PbmProcess.RunAsync($"{listener.LocalEndpoint}", "service", "list");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"pbm: {listener.LocalEndpoint} answers, but has nothing for pbm.\n", error);
        await serving;
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "palettes": null }""")]
    [InlineData("""{ "palettes": [ null ] }""")]
    [InlineData("""{ "palettes": [ { "name": "", "commands": [] } ] }""")]
    [InlineData("""{ "palettes": [ { "name": "..", "commands": [] } ] }""")]
    [InlineData("""{ "palettes": [ { "name": "../x", "commands": [] } ] }""")]
    [InlineData("""{ "palettes": [ { "name": "service" } ] }""")]
    [InlineData("""{ "palettes": [ { "name": "service", "commands": [ { "name": "list", "arguments": 7 } ] } ] }""")]
    public async Task Palettes_that_are_none_end_with_1(string palettes)
    {
        await using DeclaringHost host = await DeclaringHost.StartAsync();
        host.Palettes = palettes;
        (int exitCode, _, string error) = await PbmProcess.RunAsync(host.Address, "service", "list");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"pbm: {host.Address} answered with something that is no answer to pbm.\n", error);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("""{ "rows": 7 }""")]
    public async Task Answer_that_is_none_ends_with_1(string answer)
    {
        await using DeclaringHost host = await DeclaringHost.StartAsync();
        host.Answer("service/list", answer);
        (int exitCode, _, string error) = await PbmProcess.RunAsync(host.Address, "service", "list");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"pbm: {host.Address} answered with something that is no answer to pbm.\n", error);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n"))
        {
            request.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
    }
}
