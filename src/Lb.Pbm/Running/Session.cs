using Lb.Pbm.Calls;
using Lb.Pbm.Certificates;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Output;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Running;

/// <summary>Runs lines of words on a host. What goes wrong is thrown as <see cref="PbmException"/>.</summary>
internal sealed class Session(HostClient host, Screen screen, TimeProvider time)
{
    /// <summary>What the host can do, as it said last.</summary>
    public Catalogue Catalogue { get; private set; } = Catalogue.Empty;

    /// <summary>Asks the host again what it can do.</summary>
    public async Task RefreshAsync(ClientOptions options, CancellationToken cancellation) =>
        Catalogue = CertificateCommands.Offer(await host.GetPalettesAsync(options.Timeout, cancellation));

    /// <summary>What the words ask for, by what the host said last that it can do.</summary>
    public Request Parse(IReadOnlyList<string> words, ClientOptions options) =>
        RequestParser.Parse(Catalogue, words, options);

    /// <summary>Does what the words ask for.</summary>
    public async Task RunAsync(IReadOnlyList<string> words, ClientOptions options, CancellationToken cancellation)
    {
        if (CertificateCommands.Takes(words))
        {
            CertificateCommands.Run(words, options, screen, time);
            return;
        }

        await RunAsync(Parse(words, options), cancellation);
    }

    /// <summary>Does what is asked for.</summary>
    public async Task RunAsync(Request request, CancellationToken cancellation)
    {
        switch (request)
        {
            case HelpRequest help:
                screen.WriteLine(HelpText.For(Catalogue, help));
                break;
            case Call { Command.Streams: true } call:
                await StreamAsync(call, cancellation);
                break;
            case Call { Options.Watch: { } interval } call:
                await WatchAsync(call, interval, cancellation);
                break;
            case Call call:
                screen.Write(await InvokeAsync(call, cancellation), call.Options.Output);
                break;
        }
    }

    private async Task StreamAsync(Call call, CancellationToken cancellation)
    {
        if (call.Options.Watch is not null)
        {
            throw PbmException.Usage(
                "watch-streams",
                $"'{call.Name}' comes line by line already, and --watch repeats only what answers at once.",
                "Leave --watch away.");
        }

        await host.StreamAsync(
            call.Palette,
            call.Command,
            new Invocation(call.Arguments),
            call.Options.Timeout,
            line => screen.Write(line, call.Options.Output),
            cancellation);
    }

    private async Task WatchAsync(Call call, TimeSpan interval, CancellationToken cancellation)
    {
        if (call.Command.Changes)
        {
            throw PbmException.Usage(
                "watch-changes",
                $"'{call.Name}' changes something, and --watch repeats only what changes nothing.",
                "Leave --watch away.");
        }

        bool isRedrawn = screen.IsTerminal;
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                Answer answer = await InvokeAsync(call, cancellation);
                if (isRedrawn)
                {
                    string now = time.GetLocalNow().ToString("HH:mm:ss");
                    screen.WriteRaw("\x1b[H\x1b[2J");
                    screen.WriteLine($"{call.Name}, every {Duration.Text(interval)}: {now}\n");
                }
                else if (!isFirst)
                {
                    screen.WriteLine("");
                }

                screen.Write(answer, call.Options.Output);
            }
            catch (PbmException lost) when (lost.ExitCode == ExitCode.NoConnection && !isFirst)
            {
                // A host that starts anew is worth waiting for.
                screen.Write(lost.Problem, call.Options.Output);
            }

            await Task.Delay(interval, time, cancellation);
        }
    }

    private async Task<Answer> InvokeAsync(Call call, CancellationToken cancellation)
    {
        try
        {
            return await host.InvokeAsync(
                call.Palette, call.Command, new Invocation(call.Arguments), call.Options.Timeout, cancellation);
        }
        catch (OperationCanceledException) when (call.Command.Changes)
        {
            throw PbmException.Failed("interrupted", $"Interrupted.{Failures.Unknown(changes: true)}");
        }
    }
}
