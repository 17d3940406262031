using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Actors;

namespace Lb.Host.Tests.Access;

/// <summary>12,000 requests that nobody should send: they change nothing, and the node takes none of them for its own fault.</summary>
public sealed class ApiFuzzTests
{
    private const int Requests = 4_000;
    private const int AtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(AccessRole.None, 1)]
    [InlineData(AccessRole.Read, 2)]
    [InlineData(AccessRole.Admin, 3)]
    public async Task Hostile_requests_change_nothing_and_are_answered_as_the_senders_fault(AccessRole role, int seed)
    {
        await using SecuredNode node = await SecuredNode.StartAsync(role);
        ConfigState before = (ConfigState)await node.Site.AskAsync(new GetConfig(), CancellationToken.None);
        HostileRequests requests = new(seed);
        byte[][] sent =
        [
            .. Enumerable.Range(0, Requests).Select(_ => role == AccessRole.Admin ? requests.Malformed() : requests.Any()),
        ];
        int[] statuses = new int[Requests];

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, stop) =>
            statuses[i] = await SendAsync(node.LocalAddress, sent[i], stop));

        for (int i = 0; i < Requests; i++)
        {
            // 505 is what RFC 9110 (15.6.6) asks for there, for all that it is the sender's fault.
            bool wrongVersion = statuses[i] == 505 && Show(sent[i]).Contains("HTTP/9.9");
            bool right = wrongVersion || statuses[i] is 0 or (>= 400 and < 500) || (statuses[i] == 200 && role != AccessRole.None);
            Assert.True(right, $"request {i} of seed {seed} was answered {statuses[i]}:\n{Show(sent[i])}");
        }

        int answered = statuses.Count(status => status != 0);
        Assert.True(answered > Requests * 0.8, $"only {answered} of {Requests} requests were answered at all");
        Assert.True(
            statuses.Distinct().Count(status => status >= 400) >= 4, "too few kinds of refusal: the requests are not varied");
        ConfigState after = (ConfigState)await node.Site.AskAsync(new GetConfig(), CancellationToken.None);
        Assert.Equal(before.Revision, after.Revision);
        TokenBook tokens = (TokenBook)await node.Site.AskAsync(new GetTokens(), CancellationToken.None);
        Assert.Empty(tokens.Tokens);
        Assert.Empty(tokens.Revoked);
        ServicesSnapshot site = await node.Site.GetServicesAsync();
        Assert.Equal(["b1", "b2"], Assert.Single(site.Services).Backends.Select(backend => backend.Name));
    }

    [Fact]
    public async Task A_hostile_stranger_gets_nothing_by_tls_either()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        await node.AddTokenAsync("ci", "read");
        using HttpClient stranger = node.Remote("lb_0123456789abcdef_0123456789012345678901234567890123456789012");
        for (int i = 0; i < 1_000; i++)
        {
            string path = $"/api/v1/palettes/{(i % 2 == 0 ? "token/add" : "backend/drain")}?{i.ToString(CultureInfo.InvariantCulture)}";
            using StringContent body = new(
                """{"arguments":{"service":["web"],"backend":["b1"],"name":["x"],"role":["admin"]}}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await stranger.PostAsync(new Uri(path, UriKind.Relative), body);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(1, (await node.Site.GetServicesAsync()).Config.Revision);
        Assert.Single(((TokenBook)await node.Site.AskAsync(new GetTokens(), CancellationToken.None)).Tokens);
    }

    /// <summary>The status of the answer; 0 when the connection was closed without one.</summary>
    private static async Task<int> SendAsync(IPEndPoint node, byte[] request, CancellationToken stop)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node, stop);
        byte[] buffer = new byte[4096];
        int read = 0;
        try
        {
            await socket.SendAsync(request, stop);
            Task<int> answer = socket.ReceiveAsync(buffer.AsMemory(), stop).AsTask();
            if (await Task.WhenAny(answer, Task.Delay(Patience, stop)) != answer)
            {
                // It waits for more, which does not come.
                socket.Shutdown(SocketShutdown.Send);
            }

            read = await answer;
            if (Status(buffer, read) == 100)
            {
                // It was asked to go on, and does not. Perhaps nothing comes any more.
                read = 0;
                socket.Shutdown(SocketShutdown.Send);
                read = await socket.ReceiveAsync(buffer.AsMemory(), stop);
            }
        }
        catch (SocketException)
        {
            // It was closed before all was sent; what had come by then counts.
        }

        return Status(buffer, read);
    }

    private static int Status(byte[] answer, int length)
    {
        string text = Encoding.ASCII.GetString(answer, 0, length);
        return text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && length >= 12
            ? int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture)
            : 0;
    }

    private static string Show(byte[] request) => Encoding.Latin1.GetString(request, 0, Math.Min(request.Length, 800));
}
