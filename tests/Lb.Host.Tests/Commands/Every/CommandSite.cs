using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Tests.Access;

namespace Lb.Host.Tests.Commands.Every;

/// <summary>A node that lets nobody in without a token, with a token of each role.</summary>
public sealed class CommandSite : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("lbe-");
    private readonly Socket _nobody = Deaf();
    private readonly Dictionary<AccessRole, string> _tokens = [];
    private SecuredNode? _node;

    /// <summary>pbm that speaks with the node.</summary>
    internal Pbm Pbm => new($"{_node!.LocalAddress}", _home.FullName);

    /// <summary>pbm that speaks with a port where nothing listens.</summary>
    internal Pbm PbmToNobody => new($"{_nobody.LocalEndPoint}", _home.FullName);

    /// <summary>A token that was never made.</summary>
    internal string Stranger { get; } = BearerToken.Create().Reveal();

    /// <summary>The token of a role.</summary>
    internal string Token(AccessRole role) => _tokens[role];

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _node = await SecuredNode.StartAsync(AccessRole.None);
        foreach (AccessRole role in (AccessRole[])[AccessRole.Read, AccessRole.Operate, AccessRole.Admin])
        {
            _tokens[role] = await AddAsync($"{role}", role);
        }

        await AddAsync("spare", AccessRole.Read);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _nobody.Dispose();
        _home.Delete(recursive: true);
    }

    /// <summary>All that commands can change on a node: the site's past and present, tokens, levels of the log.</summary>
    internal async Task<string> StateAsync()
    {
        using HttpClient http = new() { BaseAddress = _node!.Local.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(AccessRole.Admin));
        string state = "";
        foreach ((string command, string[] arguments) in ((string, string[])[])
            [("config history", []), ("config show", []), ("token list", ["revoked", "true"]), ("log level", [])])
        {
            (HttpStatusCode status, JsonElement answer) = await SecuredNode.RunAsync(http, command, arguments);
            Assert.True(status == HttpStatusCode.OK, $"{command}: {answer}");
            state += $"{command}: {answer.GetProperty("data")}\n";
        }

        return state;
    }

    private async Task<string> AddAsync(string name, AccessRole role)
    {
        BearerToken token = BearerToken.Create();
        object answer = await _node!.Site.AskAsync(new AddToken(new AccessToken(
            name, token.Id, token.Hash(), role, null, new ChangeInfo(ChangeOrigin.Runtime, "test", "test", "", DateTimeOffset.UtcNow))), CancellationToken.None);
        Assert.IsType<TokenBook>(answer);
        return token.Reveal();
    }

    /// <summary>A port that nobody else can get, and nobody listens on.</summary>
    private static Socket Deaf()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
