using Lb.Host.CommandLine;
using Lb.Host.Running;

ExitCode code = await new LbdCommand().InvokeAsync(args, Console.Out, Console.Error, Lbd.RunAsync);
return (int)code;
