using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lb.Pbm.Tests.Processes;

/// <summary>A command as it came to the host.</summary>
internal sealed record Received(string Path, string User, string Body);

/// <summary>A host that speaks the protocol over HTTP, with palettes and answers of the test.</summary>
internal sealed class DeclaringHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly WebApplication _app;

    private DeclaringHost(WebApplication app)
    {
        _app = app;
        Answer("service/list", """
            { "message": null,
              "columns": [ { "name": "service", "title": "Service", "right": false },
                           { "name": "flows", "title": "Flows", "right": true } ],
              "rows": [ ["web", "12"], ["mail", "7"] ],
              "count": "2 services",
              "data": { "services": [ { "name": "web", "flows": 12 }, { "name": "mail", "flows": 7 } ] } }
            """);
    }

    /// <summary>What the host says that it can do.</summary>
    public string Palettes { get; set; } = Declared.Json;

    public IReadOnlyCollection<Received> Received => _received;

    public string Address { get; private set; } = "";

    /// <summary>Starts a host, on a free port unless told.</summary>
    public static async Task<DeclaringHost> StartAsync(string address = "127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{address}");
        WebApplication app = builder.Build();
        var host = new DeclaringHost(app);
        app.MapGet("/api/v1/palettes", context => JsonAsync(context, 200, host.Palettes));
        app.MapPost("/api/v1/palettes/{palette}/{command}", host.RunAsync);
        await app.StartAsync();
        IServer server = app.Services.GetRequiredService<IServer>();
        host.Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
        return host;
    }

    /// <summary>Sets what a command answers.</summary>
    public void Answer(string command, string body, int status = 200) =>
        Answer(command, context => JsonAsync(context, status, body));

    public void Answer(string command, RequestDelegate answer) => _answers[command] = answer;

    /// <summary>Lets a command never answer.</summary>
    public void Hang(string command) => Answer(command, HangAsync);

    public async ValueTask DisposeAsync()
    {
        // Requests that hang are not waited for.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    private static Task JsonAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "application/problem+json";
        return context.Response.WriteAsync(body);
    }

    private async Task RunAsync(HttpContext context)
    {
        string command = $"{context.GetRouteValue("palette")}/{context.GetRouteValue("command")}";
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        _received.Enqueue(new Received(command, context.Request.Headers["X-Lb-User"].ToString(), body));
        RequestDelegate answer = _answers.GetValueOrDefault(command)
            ?? (c => JsonAsync(c, (int)HttpStatusCode.NotFound, """{ "detail": "No such command." }"""));
        await answer(context);
    }
}
