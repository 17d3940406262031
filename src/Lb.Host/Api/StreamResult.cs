using System.Text.Json;
using System.Text.Json.Nodes;
using Lb.Host.Access;
using Lb.Host.Commands;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lb.Host.Api;

/// <summary>A line of an answer that comes bit by bit.</summary>
/// <param name="Text">For people.</param>
/// <param name="Data">For programs.</param>
internal sealed record StreamLineResource(string Text, JsonNode Data);

/// <summary>
/// An answer that comes line by line, a JSON object each, until its command, its reader or the node ends. While there
/// is nothing to say an empty line tells the reader that the node is there.
/// </summary>
internal sealed class StreamResult(Func<CancellationToken, IAsyncEnumerable<AnswerLine>> start) : IResult
{
    private static readonly TimeSpan Sign = TimeSpan.FromSeconds(10);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        IHostApplicationLifetime life = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using CancellationTokenSource ending =
            CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, life.ApplicationStopping);
        httpContext.Response.ContentType = "application/x-ndjson";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // A reader may pause for as long as it likes: it loses lines, and holds up nobody.
        httpContext.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        try
        {
            await using IAsyncEnumerator<AnswerLine> lines = start(ending.Token).GetAsyncEnumerator(ending.Token);
            await WriteAsync(lines, httpContext, ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, or the node ends: the answer ends with the last whole line.
        }
    }

    private static async Task WriteAsync(
        IAsyncEnumerator<AnswerLine> lines, HttpContext http, CancellationTokenSource ending)
    {
        Admission admission = http.RequestServices.GetRequiredService<Admission>();
        Stream output = http.Response.Body;

        // What the lines hold is let go of by those that have begun alone: they begin before anything can go wrong.
        Task<bool> next = lines.MoveNextAsync().AsTask();
        try
        {
            await output.FlushAsync(ending.Token);
            for (Task sign = Task.Delay(Sign, ending.Token); ;)
            {
                if (await Task.WhenAny(next, sign) != next)
                {
                    await sign;
                    if ((await admission.DecideAsync(http, ending.Token)).Caller is null)
                    {
                        // Its token was revoked meanwhile, or has expired.
                        return;
                    }

                    await WriteAsync(output, [], ending.Token);
                    sign = Task.Delay(Sign, ending.Token);
                }
                else if (await next)
                {
                    StreamLineResource line = new(lines.Current.Text, lines.Current.Data);
                    await WriteAsync(
                        output,
                        JsonSerializer.SerializeToUtf8Bytes(line, ApiJson.Default.StreamLineResource),
                        ending.Token);
                    next = lines.MoveNextAsync().AsTask();
                }
                else
                {
                    return;
                }
            }
        }
        finally
        {
            // Nobody may let go of the lines while one is waited for.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task WriteAsync(Stream output, byte[] line, CancellationToken stop)
    {
        await output.WriteAsync((byte[])[.. line, (byte)'\n'], stop);
        await output.FlushAsync(stop);
    }
}
