/*
 * The JVM in this process. Which one, and with what, is in the environment: JVSWITCH_JDK (its directory),
 * JVSWITCH_CLASS_PATH, JVSWITCH_JVM_OPTIONS (words, separated by blanks).
 */
#define _GNU_SOURCE
#include "launcher.h"

#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define MAIN_CLASS "io/jvswitch/vswitchd/launcher/OvsVswitchd"
/* As the JDK's own launcher gives its main thread. */
#define MAIN_STACK_BYTES (8UL << 20)
#define MAX_JVM_OPTIONS 64

static const struct options *options_of_daemon;

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0') {
        fatal("%s is not set: start it by the " PROGRAM " of jvswitch's clone or package, which sets it", name);
    }
    return value;
}

static void JNICALL ready(JNIEnv *env, jclass type)
{
    (void) env;
    (void) type;
    daemon_is_ready(options_of_daemon);
}

static void JNICALL write_syslog(JNIEnv *env, jclass type, jint priority, jbyteArray line)
{
    (void) type;
    jsize bytes = (*env)->GetArrayLength(env, line);
    char *text = allocate(bytes + 1UL);
    (*env)->GetByteArrayRegion(env, line, 0, bytes, (jbyte *) text);
    syslog(priority, "%s", text);
    free(text);
}

static int read_options(JavaVMOption *into)
{
    int count = 0;
    into[count++].optionString = format_text("-Djava.class.path=%s", setting("JVSWITCH_CLASS_PATH"));
    char *rest = format_text("%s", setting("JVSWITCH_JVM_OPTIONS"));
    char *place;
    for (char *word = strtok_r(rest, " \n", &place); word != NULL; word = strtok_r(NULL, " \n", &place)) {
        if (count == MAX_JVM_OPTIONS) {
            fatal("JVSWITCH_JVM_OPTIONS: more than %d words", MAX_JVM_OPTIONS - 1);
        }
        into[count++].optionString = word;
    }
    return count;
}

static jint (*find_create(void))(JavaVM **, void **, void *)
{
    char *library = format_text("%s/lib/server/libjvm.so", setting("JVSWITCH_JDK"));
    void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
    if (handle == NULL) {
        fatal("cannot load the JVM: %s", dlerror());
    }
    jint (*create)(JavaVM **, void **, void *);
    *(void **) &create = dlsym(handle, "JNI_CreateJavaVM");
    if (create == NULL) {
        fatal("%s is no JVM: %s", library, dlerror());
    }
    free(library);
    return create;
}

static jobjectArray java_arguments(JNIEnv *env, const struct options *options)
{
    jclass string = (*env)->FindClass(env, "java/lang/String");
    jobjectArray array = (*env)->NewObjectArray(env, options->java_count, string, NULL);
    jclass launcher = (*env)->FindClass(env, MAIN_CLASS);
    jmethodID text = (*env)->GetStaticMethodID(env, launcher, "text", "([B)Ljava/lang/String;");
    for (int i = 0; i < options->java_count; i++) {
        /* Not NewStringUTF: an argument is bytes, of whatever character set. */
        jsize bytes = (jsize) strlen(options->java[i]);
        jbyteArray raw = (*env)->NewByteArray(env, bytes);
        (*env)->SetByteArrayRegion(env, raw, 0, bytes, (const jbyte *) options->java[i]);
        (*env)->SetObjectArrayElement(env, array, i, (*env)->CallStaticObjectMethod(env, launcher, text, raw));
    }
    return array;
}

static void *run(void *unused)
{
    (void) unused;
    JavaVMOption jvm_options[MAX_JVM_OPTIONS];
    memset(jvm_options, 0, sizeof jvm_options);
    JavaVMInitArgs arguments = {.version = JNI_VERSION_10, .options = jvm_options};
    arguments.nOptions = read_options(jvm_options);
    JavaVM *jvm;
    JNIEnv *env;
    if (find_create()(&jvm, (void **) &env, &arguments) != JNI_OK) {
        fatal("the JVM does not start; what it says of it is above");
    }
    jclass launcher = (*env)->FindClass(env, MAIN_CLASS);
    static const JNINativeMethod NATIVES[] = {
        {"ready", "()V", (void *) ready},
        {"syslog", "(I[B)V", (void *) write_syslog},
    };
    if (launcher != NULL && (*env)->RegisterNatives(env, launcher, NATIVES, sizeof NATIVES / sizeof NATIVES[0]) == JNI_OK) {
        jmethodID main = (*env)->GetStaticMethodID(env, launcher, "main", "([Ljava/lang/String;)V");
        if (main != NULL) {
            (*env)->CallStaticVoidMethod(env, launcher, main, java_arguments(env, options_of_daemon));
        }
    }
    bool failed = (*env)->ExceptionCheck(env);
    if (failed) {
        (*env)->ExceptionDescribe(env);
    }
    (*jvm)->DestroyJavaVM(jvm);
    return failed ? (void *) 1 : NULL;
}

int run_jvm(const struct options *options)
{
    options_of_daemon = options;
    /* Not this thread: the kernel's stack for it grows, and the JVM wants to know where it ends. */
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, MAIN_STACK_BYTES);
    pthread_t thread;
    int error = pthread_create(&thread, &attributes, run, NULL);
    if (error != 0) {
        fatal("pthread_create failed (%s)", strerror(error));
    }
    void *failed;
    pthread_join(thread, &failed);
    return failed == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
