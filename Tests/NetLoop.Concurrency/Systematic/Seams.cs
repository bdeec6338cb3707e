using Microsoft.Coyote.Runtime;
using Mono.Cecil;
using Mono.Cecil.Cil;
using ControlledThread = Microsoft.Coyote.Rewriting.Types.Threading.Thread;

namespace NetLoop.Concurrency;

/// <summary>Replaces calls of the engine that Coyote's rewriting does not control.</summary>
public static class Seams
{
    /// <summary>Not waited for by any thread: the first is a flag that is polled, the second belongs to its thread.</summary>
    private static readonly string[] Harmless = ["System.Threading.Channels.ChannelReader.get_Completion", "System.Threading.SynchronizationContext."];

    public static void Mend(ModuleDefinition engine)
    {
        ReplaceLock(engine);

        // They use the thread pool, which Coyote does not control; scenarios wait for the end of each loop instead.
        LeaveOut(engine, "NetLoop.Hosting.Server.WarmUp", "Run");
        LeaveOut(
            engine,
            "NetLoop.NetServer",
            "WhenAllEndedAsync",
            Instruction.Create(OpCodes.Call, engine.ImportReference(typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod)));

        MethodReference createThread = engine.ImportReference(typeof(ControlledThread).GetMethod(nameof(ControlledThread.Create), [typeof(ThreadStart)]));
        MethodReference nameThread = engine.ImportReference(typeof(Seams).GetMethod(nameof(NameThread)));
        MethodReference step = engine.ImportReference(typeof(SchedulingPoint).GetMethod(nameof(SchedulingPoint.Interleave)));
        MethodReference endThread = engine.ImportReference(typeof(ExceptionProvider).GetMethod(nameof(ExceptionProvider.ThrowIfThreadInterruptedException)));
        foreach (MethodDefinition method in engine.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            foreach (ExceptionHandler handler in method.Body.ExceptionHandlers
                .Where(handler => handler.CatchType?.FullName == typeof(ThreadInterruptedException).FullName))
            {
                // Coyote ends the threads of a schedule by an interrupt, which the engine would survive.
                ILProcessor code = method.Body.GetILProcessor();
                Instruction first = Instruction.Create(OpCodes.Dup);
                code.InsertBefore(handler.HandlerStart, first);
                code.InsertAfter(first, Instruction.Create(OpCodes.Call, endThread));
                handler.TryEnd = first;
                handler.HandlerStart = first;
            }

            foreach (Instruction instruction in method.Body.Instructions.ToArray())
            {
                if (instruction.Operand is not MethodReference callee)
                {
                    continue;
                }

                if (callee.DeclaringType.Namespace == "System.Threading.Channels" && callee.Name.StartsWith("Try", StringComparison.Ordinal))
                {
                    method.Body.GetILProcessor().InsertBefore(instruction, Instruction.Create(OpCodes.Call, step));
                }

                if (instruction.OpCode == OpCodes.Newobj && callee.DeclaringType.FullName == typeof(Thread).FullName)
                {
                    // Coyote does not rewrite constructors.
                    instruction.OpCode = OpCodes.Call;
                    instruction.Operand = createThread;
                }
                else if (callee.FullName.EndsWith("System.Threading.Thread::set_Name(System.String)", StringComparison.Ordinal))
                {
                    instruction.OpCode = OpCodes.Call;
                    instruction.Operand = nameThread;
                }
                else if (callee.DeclaringType.Name == nameof(ExceptionProvider)
                    && instruction.Previous is { Operand: string name } text
                    && Harmless.Any(name.StartsWith))
                {
                    Remove(text);
                    Remove(instruction);
                }
            }
        }
    }

    /// <summary>Does nothing: Coyote identifies its threads by the names that it gave them.</summary>
    public static void NameThread(Thread thread, string name)
    {
    }

    private static void ReplaceLock(ModuleDefinition engine)
    {
        var scenarios = AssemblyNameReference.Parse(typeof(Seams).Assembly.FullName);
        engine.AssemblyReferences.Add(scenarios);
        TypeReference systemLock = engine.GetTypeReferences().First(type => type.FullName == typeof(Lock).FullName);
        systemLock.Scope = scenarios;
        systemLock.Namespace = typeof(ControlledLock).Namespace;
        systemLock.Name = nameof(ControlledLock);
    }

    private static void LeaveOut(ModuleDefinition engine, string type, string method, params Instruction[] code)
    {
        Mono.Cecil.Cil.MethodBody body = engine.GetType(type).Methods.Single(one => one.Name == method).Body;
        body.Instructions.Clear();
        body.Variables.Clear();
        body.ExceptionHandlers.Clear();
        foreach (Instruction instruction in code)
        {
            body.Instructions.Add(instruction);
        }

        body.Instructions.Add(Instruction.Create(OpCodes.Ret));
    }

    private static void Remove(Instruction instruction)
    {
        instruction.OpCode = OpCodes.Nop;
        instruction.Operand = null;
    }
}
