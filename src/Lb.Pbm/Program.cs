using Lb.Pbm;
using Lb.Pbm.Output;
using Lb.Pbm.Running;

ExitCode code = await new Application(StandardScreen.Open()).RunAsync(args);
return (int)code;
