using System.Reflection;
using Lb.Pbm.Calls;
using Lb.Pbm.Certificates;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Editing;
using Lb.Pbm.Output;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Running;

/// <summary>The <c>pbm</c> command from its arguments to its exit code.</summary>
internal sealed class Application(Screen screen)
{
    private static string Version { get; } =
        typeof(Application).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    public async Task<ExitCode> RunAsync(IReadOnlyList<string> words)
    {
        try
        {
            var arguments = ClientArguments.Parse(words, Environment.GetEnvironmentVariable);
            return await RunAsync(arguments);
        }
        catch (PbmException exception)
        {
            screen.Write(exception.Problem, ClientOptions.Default.FormatFor(words));
            return exception.ExitCode;
        }
        catch (IOException)
        {
            // Nobody reads standard output any more, as behind `head`.
            return ExitCode.Done;
        }
    }

    private async Task<ExitCode> RunAsync(ClientArguments arguments)
    {
        switch (arguments.Task)
        {
            case ClientTask.Help:
                screen.WriteLine(HelpText.Client);
                return ExitCode.Done;
            case ClientTask.Version:
                screen.WriteLine(Version);
                return ExitCode.Done;
            case ClientTask.Complete:
                await ShellCompletion.RunAsync(
                    arguments.Words[0], Environment.GetEnvironmentVariable, screen);
                return ExitCode.Done;
        }

        if (CertificateCommands.Takes(arguments.Words))
        {
            CertificateCommands.Run(arguments.Words, arguments.Options, screen, TimeProvider.System);
            return ExitCode.Done;
        }

        using var host = new HostClient(arguments.Address, HostAccess.Load(arguments.Access));
        var session = new Session(host, screen, TimeProvider.System);
        if (arguments.Words.Count > 0)
        {
            return await RunOnceAsync(session, arguments);
        }

        if (Console.IsInputRedirected || !screen.IsTerminal || StandardScreen.IsDumb)
        {
            return await new Batch(session, screen, arguments.Options).RunAsync(Console.In);
        }

        var history = new History(HistoryFile.OfUser(Environment.GetEnvironmentVariable));
        return await new Prompt(session, screen, arguments.Address, arguments.Options).RunAsync(history);
    }

    private static async Task<ExitCode> RunOnceAsync(Session session, ClientArguments arguments)
    {
        await session.RefreshAsync(arguments.Options, CancellationToken.None);
        Request request = session.Parse(arguments.Words, arguments.Options);
        if (request is not Call { Command.Streams: true } && request.Options.Watch is null)
        {
            await session.RunAsync(request, CancellationToken.None);
            return ExitCode.Done;
        }

        // Ctrl-C is how a watch or a stream ends.
        using var interrupts = new Interrupts();
        await interrupts.RunAsync(stop => session.RunAsync(request, stop));
        return ExitCode.Done;
    }
}
