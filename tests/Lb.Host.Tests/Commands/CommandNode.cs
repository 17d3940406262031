using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net;
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
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Host.Tests.Commands;

/// <summary>A node with its real API and journal, on a kernel in memory, to give commands to.</summary>
internal sealed class CommandNode : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Socket _socket = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin");
    private readonly HttpClient _http = new();
    private readonly WebApplication _app;

    private CommandNode(string services)
    {
        _folder = Directory.CreateTempSubdirectory("lbc-");
        WriteFile(services);
        LoadedConfig config = ConfigLoader.LoadFile(File).Config!;
        _app = NodeHost.Build([new ApiListener(_socket, AccessRole.Admin)], NullLoggerFactory.Instance, host => host
            .AddSingleton<IDatapath>(Datapath)
            .AddSingleton<INeighbours>(new FakeNeighbours())
            .AddLbNode(config, File));
        NodeState state = _app.Services.GetRequiredService<NodeState>();
        state.File = File;
        state.Config = config;
        _http.BaseAddress = new Uri($"http://{_socket.LocalEndPoint}");
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>The kernel, in memory.</summary>
    public FakeDatapath Datapath { get; } = new();

    public string File => Path.Combine(_folder.FullName, "site.conf");

    public static async Task<CommandNode> StartAsync(string services)
    {
        CommandNode node = new(services);
        await node._app.StartAsync();
        SiteClient site = node._app.Services.GetRequiredService<SiteClient>();
        Wait.Until(
            () => SiteClient.IsSettled(site.GetServicesAsync().GetAwaiter().GetResult()),
            "the site is settled",
            TimeSpan.FromSeconds(30));
        return node;
    }

    public void WriteFile(string services) => System.IO.File.WriteAllText(File, $$"""
        lb {
          site = test
          interfaces = [eth0]
          journal.directory = "{{_folder.FullName}}"
          kernel { max-services = 16, max-backends = 64 }
          service-defaults.health.check = none
          {{services}}
        }
        """);

    /// <summary>Gives a command; the answer as JSON. Arguments are names and values in turn.</summary>
    public async Task<JsonElement> RunAsync(string command, params string[] arguments)
    {
        (HttpStatusCode status, JsonElement answer) = await SendAsync(command, arguments);
        Assert.True(status == HttpStatusCode.OK, $"{command} answered {(int)status}: {answer}");
        return answer;
    }

    /// <summary>Gives a command that is refused; the problem.</summary>
    public async Task<JsonElement> RefusedAsync(int status, string command, params string[] arguments)
    {
        (HttpStatusCode answered, JsonElement problem) = await SendAsync(command, arguments);
        Assert.True((int)answered == status, $"{command} answered {(int)answered}: {problem}");
        return problem;
    }

    public async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>(path);

    public async Task<string> GetTextAsync(string path) => await _http.GetStringAsync(path);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _http.SendAsync(request);

    /// <summary>Gives a command that answers line by line; the answer with its body still to come.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string command, params string[] arguments)
    {
        using HttpRequestMessage request = Request(command, arguments);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Ends the node, as a signal does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _socket.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string command, string[] arguments)
    {
        using HttpRequestMessage request = Request(command, arguments);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static HttpRequestMessage Request(string command, string[] arguments)
    {
        Dictionary<string, List<string>> values = [];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (!values.TryGetValue(arguments[i], out List<string>? list))
            {
                values[arguments[i]] = list = [];
            }

            list.Add(arguments[i + 1]);
        }

        HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/palettes/{command.Replace(' ', '/')}")
        {
            Content = JsonContent.Create(new { arguments = values }),
        };
        request.Headers.Add("X-Lb-User", "ops");
        return request;
    }
}
